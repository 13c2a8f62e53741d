import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-code-title")
    subtitle: Station.t("registration-code-subtitle", {
        ending: page.model.ending
    })
    pictogram: "phone"
    step: 4
    steps: 5

    Banner {
        kind: "warn"
        text: page.model.trouble === "" ? "" : Station.t("registration-code-" + page.model.trouble)
    }
    EntryField {
        label: Station.t("registration-code-label")
        hint: "- - - - - -"
        value: pad.value
    }
    Item {
        Layout.fillHeight: true
    }
    NumberPad {
        id: pad
        maximum: page.model.digits
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-code-again")
            action: "again"
        },
        SecondaryButton {
            text: Station.t("registration-code-other")
            action: "other"
        },
        SecondaryButton {
            text: Station.t("registration-code-skip")
            action: "skip"
        },
        PrimaryButton {
            text: Station.t("common-next")
            action: "code"
            value: pad.value
            enabled: pad.value.length === page.model.digits
        }
    ]
}
