import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-produce-title", {
        receipt: page.model.receipt
    })
    subtitle: Station.t("booth-produce-subtitle")

    NoteBanner {
        model: page.model
    }
    CardFace {
        face: page.model.face
    }
    FactRow {
        label: Station.t("booth-assess-fingers")
        value: String(page.model.fingers)
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        SecondaryButton {
            visible: page.model.blocked
            text: Station.t("booth-give-out")
            action: "give_out"
        },
        PrimaryButton {
            text: Station.t("booth-produce")
            pictogram: "card"
            action: "produce"
        }
    ]
}
