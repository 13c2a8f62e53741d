import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-right-title")
    subtitle: Station.t("collection-right-subtitle")
    step: 4
    steps: 4

    Card {
        // As on the card itself: the portrait beside the names, so that all of it is seen at once.
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.l

            Photo {
                visible: Station.scale < 1.4
                Layout.alignment: Qt.AlignTop
                implicitHeight: 400 * Theme.unit
                source: page.model.portrait
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.alignment: Qt.AlignVCenter
                spacing: Theme.s

                Heading {
                    visible: text !== ""
                    text: page.model.chinese_name
                    font.pixelSize: Station.scale > 1.4 ? Theme.title : Theme.display
                }
                Heading {
                    text: page.model.surname
                    font.pixelSize: Station.scale > 1.4 ? Theme.title : Theme.display
                }
                Heading {
                    text: page.model.given_names
                }
                FactRow {
                    label: Station.t("collection-right-number")
                    value: page.model.number
                }
            }
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
