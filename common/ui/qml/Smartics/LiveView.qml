import QtQuick
import QtQuick.Layouts

// The camera's picture, as new as it comes.
Item {
    id: root

    property bool mirrored: true
    property string name: Station.t("common-live-view")
    readonly property bool raised: true
    property int frame: 0

    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: 240 * Theme.unit
    implicitWidth: 600 * Theme.unit
    implicitHeight: 520 * Theme.unit
    Accessible.role: Accessible.Graphic
    Accessible.name: name

    Timer {
        interval: 80
        repeat: true
        running: root.visible
        triggeredOnStart: true
        onTriggered: root.frame = Station.bridge ? Station.bridge.frame() : 0
    }

    Surface {
        anchors.fill: parent
    }
    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.s
        radius: Theme.keyRadius
        color: Theme.bandTop

        Pictogram {
            anchors.centerIn: parent
            visible: root.frame === 0
            name: "camera"
            size: 160 * Theme.unit
            colour: Theme.bandLine
        }
    }
    Image {
        anchors.fill: parent
        anchors.margins: Theme.s
        visible: root.frame > 0
        source: root.frame > 0 ? "image://live/" + root.frame : ""
        cache: false
        mirror: root.mirrored
        fillMode: Image.PreserveAspectFit
    }
}
