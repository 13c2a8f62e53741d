import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-insert-title")
    subtitle: Station.t("registration-insert-subtitle")
    pictogram: "card"
    step: 2
    steps: 5

    Banner {
        kind: "warn"
        text: page.model.tries > 0 ? Station.t("registration-insert-again-" + page.model.problem, {
            "try": page.model.tries + 1,
            tries: page.model.most
        }) : ""
    }
    Guide {
        picture: "card_in"
        text: Station.t("registration-insert-title")
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-no-fingers")
            action: "no_fingers"
        }
    ]
}
