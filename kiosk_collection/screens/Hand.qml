pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// A hand, palm down, on which one finger is marked. finger: 1 right thumb to 10 left little finger.
Item {
    id: root

    property int finger: 1
    property string label
    readonly property bool raised: true
    readonly property bool isLeft: finger > 5
    readonly property int marked: isLeft ? finger - 5 : finger
    readonly property real grid: Math.min(width / 12, height / 11)
    // Thumb to little finger of a right hand: left edge, top, width, height and turn.
    readonly property var shapes: [[1.1, 4.9, 1.5, 4.2, -40], [2.3, 1.4, 1.45, 5.2, -6], [4.0, 0.6, 1.5, 5.8, 0], [5.75, 1.2, 1.45, 5.3, 5], [7.4, 2.8, 1.3, 4.2, 12]]

    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: 240 * Theme.unit
    Layout.maximumHeight: 700 * Theme.unit
    implicitWidth: 600 * Theme.unit
    implicitHeight: 420 * Theme.unit
    Accessible.role: Accessible.Graphic
    Accessible.name: label

    Surface {
        anchors.fill: parent
    }
    Item {
        anchors.centerIn: parent
        width: 9 * root.grid
        height: 10 * root.grid
        transform: Scale {
            origin.x: 4.5 * root.grid
            xScale: root.isLeft ? -1 : 1
        }

        Rectangle {
            x: 2.3 * root.grid
            y: 5.2 * root.grid
            width: 6.2 * root.grid
            height: 4.8 * root.grid
            radius: 1.6 * root.grid
            color: Theme.press
        }
        Repeater {
            model: root.shapes

            Rectangle {
                required property var modelData
                required property int index
                readonly property bool on: index + 1 === root.marked
                x: modelData[0] * root.grid
                y: modelData[1] * root.grid
                width: modelData[2] * root.grid
                height: modelData[3] * root.grid
                radius: width / 2
                rotation: modelData[4]
                color: on ? Theme.brand : Theme.press

                Rectangle {
                    visible: parent.on
                    anchors.horizontalCenter: parent.horizontalCenter
                    y: parent.width * 0.2
                    width: parent.width * 0.62
                    height: width * 1.25
                    radius: width / 2
                    color: Theme.soft
                }
            }
        }
    }
}
