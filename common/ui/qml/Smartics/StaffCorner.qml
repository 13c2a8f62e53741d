import QtQuick

// The staff's way in: nothing to be seen. A finger held on the station's name for five seconds.
Item {
    id: root

    readonly property int heldMs: 5000

    width: 2.5 * Theme.target
    height: Theme.target
    Accessible.role: Accessible.Indicator
    Accessible.name: Station.t("staff-corner")
    Accessible.ignored: !visible

    MouseArea {
        anchors.fill: parent
        onPressed: hold.restart()
        onReleased: hold.stop()
        onCanceled: hold.stop()
        onPositionChanged: mouse => {
            if (mouse.x < 0 || mouse.y < 0 || mouse.x > width || mouse.y > height)
                hold.stop();
        }
    }
    Timer {
        id: hold
        interval: root.heldMs
        onTriggered: Station.act("staff", "")
    }
}
