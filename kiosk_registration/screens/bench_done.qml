import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.complete ? "bench-done-title" : "bench-done-later-title")
    subtitle: Station.t(page.model.complete ? "bench-done-subtitle" : "bench-done-later-subtitle")
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
