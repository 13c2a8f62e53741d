pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// Read from ten metres: the newest call on top, in the largest letters.
FocusScope {
    id: page

    required property var model

    readonly property real line: height / 12

    Accessible.role: Accessible.Pane
    Accessible.name: model.title

    Rectangle {
        anchors.fill: parent
        color: Theme.ground
    }
    Rectangle {
        width: parent.width
        height: page.line * 1.9
        color: Theme.bandTop
    }
    RowLayout {
        x: page.line * 0.6
        y: Theme.barTop * 0.4
        width: parent.width - 2 * x
        height: page.line * 1.9 - y

        Words {
            text: page.model.title
            font.pixelSize: page.line * 0.7
            font.weight: Font.Bold
            color: Theme.overBand
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            Layout.fillWidth: false
            text: page.model.waiting
            wrapMode: Text.NoWrap
            font.pixelSize: page.line * 0.4
            color: Theme.overBandQuiet
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }
    ColumnLayout {
        x: page.line * 0.6
        y: page.line * 2.2
        width: parent.width - 2 * x
        height: parent.height - y - page.line * 0.4
        spacing: page.line * 0.16

        Banner {
            kind: "warn"
            text: page.model.lost
        }
        Words {
            visible: page.model.calls.length === 0
            Layout.fillHeight: true
            verticalAlignment: Text.AlignVCenter
            horizontalAlignment: Text.AlignHCenter
            text: page.model.nobody
            font.pixelSize: page.line * 0.9
            color: Theme.quiet
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        RowLayout {
            visible: page.model.calls.length > 0
            Layout.fillWidth: true
            spacing: page.line

            Words {
                Layout.preferredWidth: 1
                text: page.model.tag
                font.pixelSize: page.line * 0.42
                color: Theme.quiet
                horizontalAlignment: Text.AlignHCenter
            }
            Words {
                Layout.preferredWidth: 1
                text: page.model.place
                font.pixelSize: page.line * 0.42
                color: Theme.quiet
                horizontalAlignment: Text.AlignHCenter
            }
        }
        Repeater {
            model: page.model.calls

            Rectangle {
                id: call
                required property var modelData
                required property int index
                readonly property bool newest: index === 0
                Layout.fillWidth: true
                Layout.preferredHeight: page.line * (newest ? 2 : 1)
                radius: Theme.cardRadius
                color: newest ? Theme.brand : Theme.surface
                border.width: Theme.line1
                border.color: newest ? Theme.brand : Theme.hair
                Accessible.role: Accessible.StaticText
                Accessible.name: modelData.tag + " → " + modelData.place

                RowLayout {
                    anchors.fill: parent
                    spacing: page.line

                    Repeater {
                        model: [call.modelData.tag, call.modelData.place]

                        Words {
                            required property string modelData
                            Layout.preferredWidth: 1
                            Layout.fillHeight: true
                            verticalAlignment: Text.AlignVCenter
                            text: modelData
                            font.pixelSize: page.line * (call.newest ? 1.3 : 0.64)
                            lineHeight: 1
                            font.weight: Font.Bold
                            color: call.newest ? Theme.overBrand : Theme.ink
                            horizontalAlignment: Text.AlignHCenter
                        }
                    }
                }
            }
        }
        Item {
            visible: page.model.calls.length > 0
            Layout.fillHeight: true
        }
    }
}
