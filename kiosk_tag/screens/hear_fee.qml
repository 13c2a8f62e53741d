import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("tag-fee-title")
    subtitle: Station.t("tag-fee-" + page.model.errand)
    pictogram: "form"

    BigNumber {
        visible: page.model.fee >= 0
        text: page.model.fee >= 0 ? Station.t("tag-fee-amount", {
            fee: page.model.fee
        }) : ""
        detail: Station.t("tag-fee-label")
    }
    Banner {
        kind: "info"
        text: Station.t(page.model.fee >= 0 ? "tag-fee-when" : "tag-fee-unknown")
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("tag-fee-next")
            action: "accept"
        }
    ]
}
