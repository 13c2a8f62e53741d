pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// A hand seen from above with one finger marked. position: 1 right thumb to 10 left little finger.
Item {
    id: root

    property int position: 1
    property string text
    readonly property bool raised: true
    readonly property bool isLeft: position > 5
    readonly property int finger: (position - 1) % 5

    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: (Station.scale > 1.6 ? 200 : 320) * Theme.unit
    Layout.maximumHeight: 900 * Theme.unit
    implicitWidth: 600 * Theme.unit
    implicitHeight: 560 * Theme.unit
    Accessible.role: Accessible.Graphic
    Accessible.name: text

    Surface {
        anchors.fill: parent
    }
    Item {
        id: hand
        // Drawn in a square of 100 x 100 as a right hand; a left hand is its mirror.
        readonly property real side: Math.min(root.width, root.height) - 2 * Theme.l
        readonly property real px: side / 100
        anchors.centerIn: parent
        width: side
        height: side
        transform: Scale {
            origin.x: hand.side / 2
            xScale: root.isLeft ? -1 : 1
        }

        Rectangle {
            x: 28 * hand.px
            y: 50 * hand.px
            width: 54 * hand.px
            height: 48 * hand.px
            radius: 16 * hand.px
            color: Theme.soft
            border.width: Math.max(2, 0.8 * hand.px)
            border.color: Theme.line
        }
        Repeater {
            model: [
                {
                    left: 10,
                    top: 42,
                    tall: 38,
                    turn: -38
                },
                {
                    left: 28,
                    top: 14,
                    tall: 46,
                    turn: -5
                },
                {
                    left: 42,
                    top: 6,
                    tall: 54,
                    turn: 0
                },
                {
                    left: 56,
                    top: 12,
                    tall: 48,
                    turn: 4
                },
                {
                    left: 70,
                    top: 26,
                    tall: 38,
                    turn: 10
                }
            ]

            Rectangle {
                id: digit
                required property var modelData
                required property int index
                readonly property bool asked: index === root.finger

                x: modelData.left * hand.px
                y: modelData.top * hand.px
                width: 12 * hand.px
                height: modelData.tall * hand.px
                radius: width / 2
                rotation: modelData.turn
                color: asked ? Theme.brand : Theme.soft
                border.width: Math.max(2, 0.8 * hand.px)
                border.color: asked ? Theme.brand : Theme.line
                z: asked ? 1 : 0

                Rectangle {
                    visible: digit.asked
                    x: 2 * hand.px
                    y: 2 * hand.px
                    width: 8 * hand.px
                    height: 12 * hand.px
                    radius: width / 2
                    color: Theme.surface
                    opacity: 0.85
                }
            }
        }
    }
}
