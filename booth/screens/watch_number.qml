import QtQuick
import QtQuick.Layouts
import Smartics

// Whoever comes under this number is led to reception, and nobody else sees why.
DeskPage {
    id: page

    required property var model

    title: Station.t("booth-duty-watching")
    subtitle: Station.t("booth-watch-subtitle")

    NoteBanner {
        model: page.model
    }
    Card {
        TextEntry {
            id: number
            label: Station.t("booth-field-number")
            error: Station.error ? Station.t("booth-note-number-wrong") : ""
            onAccepted: Station.act("watch", number.value)
        }
        Note {
            text: Station.t("booth-watch-privacy")
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "home"
        },
        SecondaryButton {
            text: Station.t("booth-watch-end")
            action: "end"
            value: number.value
        },
        PrimaryButton {
            text: Station.t("booth-watch-begin")
            action: "watch"
            value: number.value
        }
    ]
}
