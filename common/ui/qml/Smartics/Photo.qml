import QtQuick
import QtQuick.Layouts

// A still portrait.
Item {
    id: root

    property string source
    property string label

    Layout.alignment: Qt.AlignHCenter
    implicitWidth: 360 * Theme.unit
    implicitHeight: 460 * Theme.unit + (words.visible ? words.implicitHeight + Theme.s : 0)
    Accessible.role: Accessible.Graphic
    Accessible.name: label

    Surface {
        id: frame
        width: parent.width
        height: parent.height - (words.visible ? words.height + Theme.s : 0)
        radius: Theme.keyRadius

        Pictogram {
            anchors.centerIn: parent
            visible: picture.status !== Image.Ready
            name: "person"
            size: 160 * Theme.unit
            colour: Theme.line
        }
        Image {
            id: picture
            anchors.fill: parent
            anchors.margins: Theme.xs
            source: root.source
            fillMode: Image.PreserveAspectFit
        }
    }
    Words {
        id: words
        visible: text !== ""
        anchors.bottom: parent.bottom
        width: parent.width
        text: root.label
        font.pixelSize: Theme.label
        color: Theme.quiet
        horizontalAlignment: Text.AlignHCenter
    }
}
