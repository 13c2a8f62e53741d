import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("common-year-title")
    subtitle: Station.t("common-year-subtitle")
    pictogram: "person"

    EntryField {
        label: Station.t("common-year-label")
        hint: Station.t("common-year-hint")
        value: pad.value
        error: Station.error ? Station.t("common-year-error") : ""
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
            action: "year"
            value: pad.value
            enabled: pad.value.length === 4
        }
    ]
}
