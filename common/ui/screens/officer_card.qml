import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("staff-card-title")
    subtitle: Station.t("staff-card-subtitle")
    pictogram: "lock"

    Guide {
        picture: "card_in"
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-cancel")
            action: "leave"
        }
    ]
}
