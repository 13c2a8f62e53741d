import QtQuick

// One key of a pad.
Touchable {
    id: root

    property string text
    property string pictogram
    property bool quiet: false

    name: text
    radius: Theme.keyRadius
    implicitWidth: Theme.target
    implicitHeight: Theme.keyHeight

    Surface {
        anchors.fill: parent
        radius: root.radius
        raised: false
        colour: root.down ? Theme.press : root.quiet ? Theme.soft : Theme.surface
        edge: Theme.line
        edgeWidth: Theme.line1
    }
    Pictogram {
        visible: root.pictogram !== ""
        anchors.centerIn: parent
        name: root.pictogram
        size: 52 * Theme.unit
        colour: Theme.ink
    }
    Words {
        visible: root.pictogram === ""
        anchors.centerIn: parent
        width: parent.width - Theme.s
        text: root.text
        font.pixelSize: root.text.length > 1 ? Math.min(Theme.label, 44 * Theme.unit) : Theme.key
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 24 * Theme.unit
        wrapMode: Text.NoWrap
        font.weight: Font.Bold
        lineHeight: 1
        horizontalAlignment: Text.AlignHCenter
    }
}
