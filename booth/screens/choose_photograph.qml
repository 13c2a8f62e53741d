pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// Turned towards the applicant: the photographs, large, and one button below each.
DeskPage {
    id: page

    required property var model

    readonly property int count: model.shots.length
    readonly property real tall: (count > 3 ? 440 : 1000) * Theme.unit

    title: Station.t("booth-choose-photograph-title")
    subtitle: Station.t("booth-choose-photograph-subtitle")

    NoteBanner {
        model: page.model
    }
    GridLayout {
        columns: Math.min(3, page.count)
        columnSpacing: Theme.l
        rowSpacing: Theme.m
        Layout.fillWidth: true

        Repeater {
            model: page.model.shots

            ColumnLayout {
                id: shot
                required property var modelData
                required property int index
                spacing: Theme.xs
                Layout.fillWidth: true
                Layout.preferredWidth: 1
                Layout.alignment: Qt.AlignTop

                Photo {
                    Layout.fillWidth: true
                    Layout.preferredHeight: page.tall
                    Layout.maximumHeight: page.tall
                    source: shot.modelData.picture
                    label: ""
                    Accessible.name: Station.t("booth-photo-number", {
                        number: shot.index + 1
                    })
                }
                Note {
                    Layout.fillWidth: true
                    horizontalAlignment: Text.AlignHCenter
                    text: shot.modelData.advice.length === 0 ? Station.t("booth-photo-good") : shot.modelData.advice.map(found => Station.t(found.fault_key)).join("\n")
                    color: shot.modelData.advice.length === 0 ? Theme.good : Theme.warn
                }
                PrimaryButton {
                    text: Station.t("booth-photo-choose", {
                        number: shot.index + 1
                    })
                    action: "choose"
                    value: shot.index
                }
            }
        }
    }
    Item {
        Layout.fillHeight: true
    }
    footer: [
        SecondaryButton {
            text: Station.t("booth-photo-another")
            pictogram: "camera"
            action: "back"
        }
    ]
}
