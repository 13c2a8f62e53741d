import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-consent-title")
    subtitle: Station.t("registration-consent-subtitle")
    pictogram: "lock"
    step: 1
    steps: 5

    Card {
        Heading {
            text: Station.t("registration-consent-what-title")
        }
        Body {
            text: Station.t(page.model.photograph ? "registration-consent-what-photograph" : "registration-consent-what")
        }
        Heading {
            text: Station.t("registration-consent-why-title")
        }
        Body {
            text: Station.t("registration-consent-why")
        }
        Heading {
            text: Station.t("registration-consent-choice-title")
        }
        Body {
            text: Station.t(page.model.no_fingers ? "registration-consent-choice-told" : "registration-consent-choice")
        }
    }

    footer: [
        SecondaryButton {
            visible: !page.model.no_fingers
            text: Station.t("registration-no-fingers")
            action: "no_fingers"
        },
        PrimaryButton {
            text: Station.t("registration-consent-agree")
            action: "agree"
        }
    ]
}
