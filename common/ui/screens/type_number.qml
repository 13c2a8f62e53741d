import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("common-number-title")
    subtitle: Station.t("common-number-subtitle")
    pictogram: "keypad"

    EntryField {
        label: Station.t("common-number-label")
        hint: Station.t("common-number-hint")
        value: pad.shown
        error: {
            if (Station.error)
                return Station.t("common-number-error");
            if (page.model.wrong > 0 && pad.value === "")
                return Station.t("common-number-wrong", {
                    left: page.model.left
                });
            return "";
        }
    }
    LetterPad {
        id: pad

        // Who stands behind may read over a shoulder: only the newest character is plain, briefly.
        property string shown: "\u25CF".repeat(Math.max(0, value.length - plain)) + value.slice(value.length - plain)
        property int plain: 0

        maximum: 11
        signs: false
        onTyped: {
            plain = Math.min(1, value.length);
            mask.restart();
        }

        Timer {
            id: mask
            interval: 1000
            onTriggered: pad.plain = 0
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("common-next")
            action: "number"
            value: pad.value
            enabled: pad.value.length >= 8
        }
    ]
}
