import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("tag-year-title")
    subtitle: Station.t("tag-year-subtitle")
    pictogram: "person"

    EntryField {
        label: Station.t("tag-year-label")
        hint: Station.t("tag-year-hint")
        value: pad.value
        error: Station.error ? Station.t("tag-year-error") : ""
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
