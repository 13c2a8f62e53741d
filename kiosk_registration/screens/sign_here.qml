import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-sign-title")
    subtitle: Station.scale > 1.6 && page.model.attempt > 1 ? "" : Station.t("registration-sign-subtitle")
    pictogram: "form"
    step: 4
    steps: 5

    Banner {
        kind: "info"
        text: page.model.attempt > 1 ? Station.t("registration-sign-cleared") : ""
    }
    Guide {
        picture: "sign"
        text: Station.t("registration-sign-title")
    }
    Card {
        Body {
            text: Station.t("registration-sign-declaration")
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-sign-booth")
            action: "booth"
        },
        SecondaryButton {
            text: Station.t("registration-sign-clear")
            action: "clear"
        }
    ]
}
