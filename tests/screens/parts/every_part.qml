import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("common-counter-title")
    subtitle: page.model.subtitle ?? ""

    EntryField {
        label: Station.t("common-counter-tag")
        value: pad.value
        error: Station.error ? Station.t("common-not-sensible") : ""
    }
    NumberPad {
        id: pad
        maximum: 4
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("common-next")
            action: "next"
            value: pad.value
            enabled: pad.value !== ""
        }
    ]
}
