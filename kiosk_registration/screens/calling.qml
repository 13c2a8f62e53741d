import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-calling-title", {
        number: page.model.number
    })
    subtitle: Station.t(page.model.camera ? "registration-calling-subtitle" : "registration-calling-no-camera")
    pictogram: "tag"

    BigNumber {
        text: page.model.number
        detail: Station.t(page.model.again ? "registration-calling-again" : "registration-calling-now")
    }
    LiveView {
        visible: page.model.camera
    }
    Guide {
        visible: !page.model.camera
        picture: "card_in"
    }

    footer: [
        PrimaryButton {
            visible: !page.model.camera
            text: Station.t("registration-calling-here", {
                number: page.model.number
            })
            action: "here"
        }
    ]
}
