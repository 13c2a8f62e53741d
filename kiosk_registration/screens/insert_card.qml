import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-insert-title")
    subtitle: page.model.problem === "" ? Station.t("registration-insert-subtitle") : Station.t("registration-finger-attempt", {
        attempt: page.model.tries + 1,
        attempts: page.model.most
    })
    pictogram: "card"
    step: 2
    steps: 5

    Banner {
        kind: "warn"
        text: page.model.problem === "" ? "" : Station.t("registration-insert-again-" + page.model.problem)
    }
    Banner {
        kind: "info"
        pictogram: "face"
        text: page.model.no_fingers ? Station.t("registration-insert-no-fingers") : ""
    }
    Guide {
        picture: "card_in"
        text: Station.t("registration-insert-title")
    }

    footer: [
        SecondaryButton {
            visible: !page.model.no_fingers
            text: Station.t("registration-no-fingers")
            action: "no_fingers"
        }
    ]
}
