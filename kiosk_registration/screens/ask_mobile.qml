import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-mobile-title")
    subtitle: {
        if (Station.scale < 1.6)
            return Station.t("registration-mobile-subtitle");
        return Station.error ? Station.t("registration-mobile-wrong") : "";
    }
    pictogram: "phone"
    step: 4
    steps: 5

    Component.onCompleted: pad.value = model.mobile

    EntryField {
        label: Station.t("registration-mobile-number")
        hint: Station.t("registration-mobile-hint")
        value: pad.value
        bare: Station.scale > 1.6
        error: Station.error ? Station.t("registration-mobile-wrong") : ""
    }
    Item {
        Layout.fillHeight: true
    }
    NumberPad {
        id: pad
        maximum: 15
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-mobile-skip")
            action: "skip"
            value: Station.language
        },
        PrimaryButton {
            text: Station.t("registration-mobile-send")
            action: "send"
            value: JSON.stringify({
                mobile: pad.value,
                language: Station.language
            })
            enabled: pad.value.length >= 8
        }
    ]
}
