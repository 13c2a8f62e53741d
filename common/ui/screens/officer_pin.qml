import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("staff-pin-title")
    subtitle: Station.t("staff-pin-subtitle")
    pictogram: "lock"

    EntryField {
        label: Station.t("staff-pin-label")
        value: pad.value
        masked: true
        error: page.model.wrong && pad.value === "" ? Station.t("staff-pin-wrong") : ""
    }
    Banner {
        kind: page.model.left > 1 ? "warn" : "error"
        text: page.model.left < 3 ? Station.t("staff-pin-left", {
            count: page.model.left
        }) : ""
    }
    NumberPad {
        id: pad
        maximum: 8
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-cancel")
            action: "leave"
        },
        PrimaryButton {
            text: Station.t("common-confirm")
            action: "pin"
            value: pad.value
            enabled: pad.value.length >= 6
        }
    ]
}
