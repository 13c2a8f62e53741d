import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-nophoto-title")
    subtitle: Station.t("registration-nophoto-subtitle")
    pictogram: "camera"
    step: 4
    steps: 5

    Guide {
        picture: "hand_off"
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-next")
            action: "next"
        }
    ]
}
