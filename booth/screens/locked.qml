import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-locked-title")
    subtitle: Station.t("booth-locked-subtitle", {
        officer: page.model.officer
    })
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
            id: secret
            label: Station.t("booth-sign-in-password")
            password: true
            error: Station.error ? Station.t("common-not-sensible") : ""
            onAccepted: Station.act("unlock", secret.value)
        }
        ActButton {
            strong: true
            text: Station.t(page.model.busy ? "booth-sign-in-checking" : "booth-locked-unlock")
            action: "unlock"
            value: secret.value
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: SecondaryButton {
        text: Station.t("booth-sign-out")
        action: "sign_out"
    }
}
