import QtQuick
import QtQuick.Layouts

// A still portrait.
Item {
    id: root

    property string source
    property string label

    readonly property real wordsHeight: words.visible ? words.implicitHeight + Theme.s : 0
    readonly property real ratio: picture.status === Image.Ready ? picture.implicitWidth / picture.implicitHeight : 0.78

    Layout.alignment: Qt.AlignHCenter
    Layout.fillHeight: true
    Layout.minimumHeight: 240 * Theme.unit + wordsHeight
    Layout.maximumHeight: implicitHeight
    implicitWidth: Math.max(360 * Theme.unit, Math.min(words.implicitWidth, 600 * Theme.unit))
    implicitHeight: 460 * Theme.unit + wordsHeight
    Accessible.role: Accessible.Graphic
    Accessible.name: label

    Surface {
        id: frame
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width, height * root.ratio)
        height: parent.height - root.wordsHeight
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
