import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("bench-done-title-" + page.model.how)
    subtitle: Station.t("bench-done-subtitle-" + page.model.how)
    pictogram: "check"

    BigNumber {
        text: page.model.number
        detail: Station.t("common-counter-tag")
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
