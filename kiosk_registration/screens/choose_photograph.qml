pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model
    readonly property int columns: Theme.aside && model.shots.length > 2 || model.shots.length > 4 ? 3 : 2

    title: Station.t("registration-choose-title")
    subtitle: Station.t("registration-choose-subtitle")
    pictogram: "face"
    step: 4
    steps: 5

    GridLayout {
        readonly property bool touched: true
        Layout.fillWidth: true
        columns: page.columns
        columnSpacing: Theme.m
        rowSpacing: Theme.m
        uniformCellWidths: true

        Repeater {
            model: page.model.shots

            Touchable {
                id: shot
                required property var modelData
                required property int index
                readonly property bool raised: true
                name: Station.t("registration-choose-number", {
                    number: index + 1
                })
                action: "choose"
                value: index
                radius: Theme.cardRadius
                Layout.fillWidth: true
                Layout.preferredHeight: (Theme.aside && page.model.shots.length > 3 ? 350 : page.model.shots.length > 4 ? 460 : 620) * Theme.unit

                Surface {
                    anchors.fill: parent
                    colour: shot.down ? Theme.press : Theme.surface
                }
                Image {
                    anchors.fill: parent
                    anchors.margins: Theme.m
                    anchors.bottomMargin: Theme.m + number.height
                    fillMode: Image.PreserveAspectFit
                    source: shot.modelData.picture
                }
                Words {
                    id: number
                    anchors.bottom: parent.bottom
                    anchors.horizontalCenter: parent.horizontalCenter
                    anchors.bottomMargin: Theme.s
                    text: String(shot.index + 1)
                    font.pixelSize: Theme.title
                    font.weight: Font.Bold
                }
            }
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-photo-booth")
            action: "booth"
        }
    ]
}
