import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-not_yet-title-" + page.model.why)
    subtitle: Station.t("registration-not_yet-" + page.model.why)
    pictogram: "clock"

    BigNumber {
        visible: page.model.place !== ""
        detail: Station.t("registration-not_yet-place")
        text: page.model.place
    }
    BigNumber {
        visible: page.model.why === "not_called"
        detail: Station.t("registration-not_yet-ahead")
        text: String(page.model.ahead)
    }
    Guide {
        visible: page.model.place === "" && page.model.why !== "not_called"
        picture: page.model.picture
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
