import QtQuick
import QtQuick.Layouts

// The common build of the three buttons.
Touchable {
    id: root

    property string text
    property string pictogram
    property bool strong: false
    property bool plain: false
    property color tint: Theme.brand
    readonly property color letters: !enabled ? Theme.quiet : strong ? Theme.overBrand : tint

    name: text
    Layout.fillWidth: true
    Layout.minimumHeight: implicitHeight
    implicitWidth: Math.max(240 * Theme.unit, label.implicitWidth + label.picture + 2 * Theme.l)
    implicitHeight: Math.max(Theme.button, label.implicitHeight + 2 * (Theme.low || Station.scale > 1.6 ? Theme.s : Theme.m))

    Surface {
        anchors.fill: parent
        visible: !root.plain || root.down
        raised: root.strong && root.enabled && !root.down
        radius: root.radius
        colour: {
            if (!root.enabled)
                return Theme.soft;
            if (root.strong)
                return root.down ? Theme.brandPress : Theme.brand;
            return root.down ? Theme.press : Theme.surface;
        }
        edge: root.strong && root.enabled ? colour : root.plain ? "transparent" : !root.enabled ? Theme.hair : root.tint
        edgeWidth: Math.max(1, Math.round(3 * Theme.unit))
    }

    Words {
        id: label
        readonly property real picture: root.pictogram !== "" ? 48 * Theme.unit + Theme.s : 0
        x: Theme.m + (Station.mirrored ? 0 : picture)
        width: parent.width - 2 * Theme.m - picture
        anchors.verticalCenter: parent.verticalCenter
        text: root.text
        font.pixelSize: Theme.buttonWords
        font.weight: Font.Bold
        color: root.letters
        horizontalAlignment: Text.AlignHCenter
    }
    Pictogram {
        visible: root.pictogram !== ""
        readonly property real slack: (label.width - label.contentWidth) / 2
        x: Station.mirrored ? label.x + label.width - slack + Theme.s : label.x + slack - label.picture
        anchors.verticalCenter: parent.verticalCenter
        name: root.pictogram
        size: 48 * Theme.unit
        colour: root.letters
    }
}
