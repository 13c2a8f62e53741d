import QtQuick
import QtQuick.Layouts

// Shows with a drawing what to do: card_in, card_out, finger, face, letter, ticket, form, form_out,
// fill_in, sign, slip, hand_off; or what is so: later, elsewhere, valid.
Item {
    id: root

    property string picture
    property string text
    // A broad frame that breathes, for the step that must not be missed.
    property bool calls: false
    readonly property bool raised: true
    readonly property bool sinks: ["card_out", "elsewhere", "fill_in", "finger", "form", "form_out", "letter", "sign", "ticket"].includes(picture)
    property real move: 0

    function source(name: string): string {
        const plain = [Theme.ink, Theme.soft, Theme.surface, Theme.brand, Theme.good];
        return name === "" ? "" : "image://guide/" + name + "/" + plain.map(shade => String(shade).slice(1)).join("/");
    }

    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: Math.max(implicitHeight * 0.6, 200 * Theme.unit)
    Layout.maximumHeight: 1200 * Theme.unit
    implicitWidth: 600 * Theme.unit
    implicitHeight: 460 * Theme.unit
    Accessible.role: Accessible.Graphic
    Accessible.name: text
    Accessible.ignored: text === ""

    SequentialAnimation on move {
        running: root.visible && !Station.still
        loops: Animation.Infinite

        NumberAnimation {
            to: 1
            duration: Theme.demonstration
            easing.type: Easing.InOutSine
        }
        PauseAnimation {
            duration: 700
        }
        NumberAnimation {
            to: 0
            duration: Theme.demonstration
            easing.type: Easing.InOutSine
        }
        PauseAnimation {
            duration: 400
        }
    }

    Surface {
        anchors.fill: parent
    }
    Rectangle {
        id: frame
        visible: root.calls
        anchors.fill: parent
        radius: Theme.cardRadius
        color: "transparent"
        border.width: Math.max(6, 16 * Theme.unit)
        border.color: Theme.good

        SequentialAnimation on opacity {
            running: frame.visible && !Station.still
            loops: Animation.Infinite

            NumberAnimation {
                to: 0.25
                duration: Theme.calling
                easing.type: Easing.InOutSine
            }
            NumberAnimation {
                to: 1
                duration: Theme.calling
                easing.type: Easing.InOutSine
            }
        }
    }
    Item {
        id: stage
        readonly property real most: Math.min(parent.width - 2 * Theme.l, (parent.height - 2 * Theme.m) * 1.1, 900 * Theme.unit)
        anchors.centerIn: parent
        width: most
        height: most / 1.2

        Rectangle {
            anchors.centerIn: parent
            width: Math.min(parent.width, parent.height * 1.06)
            height: width
            radius: width / 2
            color: Theme.soft
        }
        Image {
            anchors.fill: parent
            source: root.source(root.picture)
            sourceSize: Qt.size(Math.round(width), Math.round(height))
        }
        Image {
            width: parent.width
            height: parent.height
            y: (root.sinks ? 1 : root.picture === "card_in" ? -1 : 0) * root.move * parent.height * (root.calls ? 0.08 : 0.055)
            source: root.picture === "" ? "" : root.source(root.picture + "_move")
            sourceSize: Qt.size(Math.round(width), Math.round(height))
        }
    }
}
