import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-preview-title")
    subtitle: Station.t("booth-preview-subtitle")

    NoteBanner {
        model: page.model
    }
    CardFace {
        face: page.model.face
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
            text: Station.t("booth-submit")
            action: "submit"
        }
    ]
}
