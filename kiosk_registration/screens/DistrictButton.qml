import QtQuick
import QtQuick.Layouts
import Smartics

// One district in the list.
Touchable {
    id: root

    property string text

    name: text
    role: Accessible.RadioButton
    checkable: true
    radius: Theme.keyRadius
    Layout.fillWidth: true
    implicitHeight: Math.max(Theme.target, words.implicitHeight + Theme.s)

    Surface {
        anchors.fill: parent
        raised: false
        radius: root.radius
        colour: root.checked ? Theme.brand : root.down ? Theme.press : Theme.surface
        edge: root.checked ? Theme.brand : Theme.line
        edgeWidth: Theme.line1
    }
    Words {
        id: words
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.xs
        text: root.text
        font.pixelSize: Theme.note
        font.weight: Font.Bold
        color: root.checked ? Theme.overBrand : Theme.ink
        horizontalAlignment: Text.AlignHCenter
    }
}
