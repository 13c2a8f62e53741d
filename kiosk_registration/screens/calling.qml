import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-calling-title", {
        number: page.model.number
    })
    subtitle: Station.t("registration-calling-subtitle")
    pictogram: "tag"

    BigNumber {
        text: page.model.number
        detail: Station.t(page.model.again ? "registration-calling-again" : "registration-calling-now")
    }
    LiveView {}
}
