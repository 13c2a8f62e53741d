import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("tag-letter-title")
    subtitle: Station.t("tag-letter-subtitle")
    pictogram: "letter"

    LiveView {
        mirrored: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        }
    ]
}
