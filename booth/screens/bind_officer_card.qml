import QtQuick
import QtQuick.Layouts
import Smartics

// The supervisor says whose card it is; the holder types the PIN.
DeskPage {
    id: page

    required property var model

    function send() {
        Station.act("bind", JSON.stringify({
            officer: officer.value,
            pin: pin.value
        }));
        pin.value = "";
    }

    title: Station.t("booth-officer-card-bind-title")
    subtitle: Station.t("booth-officer-card-bind-subtitle")

    NoteBanner {
        model: page.model
    }
    Card {
        spacing: Theme.m

        TextEntry {
            id: officer
            label: Station.t("booth-sign-in-officer")
            error: Station.error ? Station.t("booth-officer-card-missing") : ""
        }
        TextEntry {
            id: pin
            label: Station.t("booth-officer-card-pin")
            hint: Station.t("booth-officer-card-pin-hint")
            password: true
            onAccepted: page.send()
        }
        Note {
            text: Station.t("staff-pin-left", {
                count: page.model.tries
            })
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("booth-officer-card-bind")
            onClicked: page.send()
        }
    ]
}
