import QtQuick

// What is spoken now, in letters. Silent to a screen reader: it is the voice itself.
Rectangle {
    id: root

    implicitHeight: 176 * Theme.unit
    color: Theme.bandTop

    Rectangle {
        width: parent.width
        height: Theme.line1
        color: Theme.bandLine
    }
    Pictogram {
        id: ear
        x: Theme.edge
        anchors.verticalCenter: parent.verticalCenter
        name: "ear"
        size: 64 * Theme.unit
        colour: Theme.overBand
    }
    Words {
        anchors.left: ear.right
        anchors.right: parent.right
        anchors.leftMargin: Theme.m
        anchors.rightMargin: Theme.edge
        anchors.verticalCenter: parent.verticalCenter
        height: parent.height - 2 * Theme.xs
        text: Station.caption
        font.pixelSize: Theme.body
        fontSizeMode: Text.Fit
        minimumPixelSize: Math.round(22 * Theme.unit)
        lineHeight: 1
        elide: Text.ElideRight
        verticalAlignment: Text.AlignVCenter
        color: Theme.overBand
    }
}
