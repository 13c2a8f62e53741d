import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-photo-title")
    subtitle: Station.t("registration-photo-subtitle", {
        most: page.model.most
    })
    pictogram: "camera"
    step: 4
    steps: 5

    Card {
        Heading {
            text: Station.t("registration-photo-everybody-title")
        }
        Body {
            text: Station.t("registration-photo-everybody")
        }
        Heading {
            text: Station.t("registration-photo-glasses-title")
        }
        Body {
            text: Station.t("registration-photo-glasses")
        }
        Heading {
            text: Station.t("registration-photo-headscarf-title")
        }
        Body {
            text: Station.t("registration-photo-headscarf")
        }
        Heading {
            text: Station.t("registration-photo-seated-title")
        }
        Body {
            text: Station.t("registration-photo-seated")
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-photo-booth")
            action: "booth"
        },
        PrimaryButton {
            text: Station.t("registration-photo-begin")
            action: "next"
        }
    ]
}
