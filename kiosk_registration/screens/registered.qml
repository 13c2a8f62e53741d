import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-done-title")
    subtitle: Station.t("registration-done-subtitle", {
        number: page.model.number
    })
    pictogram: "check"
    step: 5
    steps: 5

    BigNumber {
        text: page.model.number
        detail: Station.t("common-counter-tag")
    }
    Banner {
        kind: page.model.printed ? "good" : "info"
        pictogram: "form"
        text: Station.t(page.model.printed ? "registration-done-form" : "registration-done-no-form")
    }
    Guide {
        picture: page.model.printed ? "form" : "hand_off"
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
