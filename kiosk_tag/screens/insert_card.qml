import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("tag-insert-title")
    subtitle: Station.t("tag-insert-subtitle")
    pictogram: "card"

    Guide {
        picture: "card_in"
        text: Station.t("tag-insert-title")
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        }
    ]
}
