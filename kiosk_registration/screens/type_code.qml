import QtQuick
import QtQuick.Layouts
import Smartics

// The code is typed; who has none finds three ways behind one button, so that the pad has the room.
Page {
    id: page

    required property var model
    property bool stuck: false
    readonly property string wrong: model.trouble === "" ? "" : Station.t("registration-code-" + model.trouble)
    readonly property bool large: Station.scale > 1.6

    title: Station.t(page.stuck ? "registration-code-stuck-title" : "registration-code-title")
    subtitle: {
        if (page.large)
            return page.stuck ? "" : page.wrong;
        return Station.t("registration-code-subtitle", {
            ending: page.model.ending
        });
    }
    pictogram: "phone"
    step: 4
    steps: 5

    Banner {
        kind: "warn"
        text: page.stuck || page.large ? "" : page.wrong
    }
    EntryField {
        visible: !page.stuck
        label: Station.t("registration-code-label")
        hint: "- - - - - -"
        bare: page.large
        value: pad.value
    }
    Item {
        visible: !page.stuck
        Layout.fillHeight: true
    }
    NumberPad {
        id: pad
        visible: !page.stuck
        maximum: page.model.digits
    }
    ChoiceCard {
        visible: page.stuck
        title: Station.t("registration-code-again")
        detail: Station.t("registration-code-again-detail")
        pictogram: "phone"
        action: "again"
    }
    ChoiceCard {
        visible: page.stuck
        title: Station.t("registration-code-other")
        pictogram: "form"
        action: "other"
    }
    ChoiceCard {
        visible: page.stuck
        title: Station.t("registration-code-skip")
        detail: Station.t("registration-code-skip-detail")
        pictogram: "right"
        action: "skip"
    }

    footer: [
        SecondaryButton {
            text: Station.t(page.stuck ? "common-back" : "registration-code-stuck")
            onClicked: page.stuck = !page.stuck
        },
        PrimaryButton {
            visible: !page.stuck
            text: Station.t("common-next")
            action: "code"
            value: pad.value
            enabled: pad.value.length === page.model.digits
        }
    ]
}
