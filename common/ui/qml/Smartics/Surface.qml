import QtQuick

// A white card with a soft shadow.
Item {
    id: root

    property alias colour: face.color
    property alias radius: face.radius
    property alias edge: face.border.color
    property alias edgeWidth: face.border.width
    property bool raised: true

    // The picture's own reach and corner: see make_shadow.py.
    BorderImage {
        visible: root.raised && !Station.contrast
        anchors.fill: parent
        anchors.leftMargin: -48
        anchors.rightMargin: -48
        anchors.topMargin: -40
        anchors.bottomMargin: -56
        source: "pictures/shadow.png"
        border {
            left: 82
            right: 82
            top: 78
            bottom: 86
        }
    }

    Rectangle {
        id: face
        anchors.fill: parent
        radius: Theme.cardRadius
        color: Theme.surface
        border.width: Station.contrast ? 2 : 1
        border.color: Theme.hair
    }
}
