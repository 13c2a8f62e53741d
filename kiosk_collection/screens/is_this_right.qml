import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-right-title")
    subtitle: Station.t("collection-right-subtitle")
    step: 4
    steps: 4

    Card {
        Photo {
            visible: Station.scale < 1.4
            implicitHeight: 400 * Theme.unit
            source: page.model.portrait
        }
        Heading {
            visible: text !== ""
            text: page.model.chinese_name
            font.pixelSize: Theme.display
        }
        Heading {
            text: page.model.surname
            font.pixelSize: Theme.display
        }
        Heading {
            text: page.model.given_names
        }
        FactRow {
            label: Station.t("collection-right-number")
            value: page.model.number
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("collection-right-no")
            action: "no"
        },
        PrimaryButton {
            text: Station.t("collection-right-yes")
            action: "yes"
        }
    ]
}
