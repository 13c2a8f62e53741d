import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    function send() {
        Station.act("sign_in", JSON.stringify({
            officer: officer.value,
            password: secret.value
        }));
    }

    title: Station.t("booth-sign-in-title")
    subtitle: Station.t("booth-sign-in-subtitle")
    onModelChanged: if (model.note_key !== "")
        secret.value = ""

    NoteBanner {
        model: page.model
    }
    Card {
        Layout.maximumWidth: 1100 * Theme.unit
        spacing: Theme.m
        enabled: !page.model.busy

        TextEntry {
            id: officer
            label: Station.t("booth-sign-in-officer")
            error: Station.error ? Station.t("common-not-sensible") : ""
            onAccepted: page.send()
        }
        TextEntry {
            id: secret
            label: Station.t("booth-sign-in-password")
            password: true
            onAccepted: page.send()
        }
        ActButton {
            strong: true
            text: Station.t(page.model.busy ? "booth-sign-in-checking" : "booth-sign-in-do")
            onClicked: page.send()
        }
    }
    Item {
        Layout.fillHeight: true
    }
}
