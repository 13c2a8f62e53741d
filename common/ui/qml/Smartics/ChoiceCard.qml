import QtQuick
import QtQuick.Layouts

// A big choice with its pictogram.
Touchable {
    id: root

    property string title
    property string detail
    property string pictogram
    readonly property bool raised: true

    name: title
    description: detail
    radius: Theme.cardRadius
    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: implicitHeight
    Layout.maximumHeight: Theme.low ? implicitHeight : Math.max(implicitHeight, 320 * Theme.unit)
    Layout.preferredHeight: implicitHeight
    implicitWidth: 600 * Theme.unit
    implicitHeight: Math.max((Theme.aside ? 128 : 188) * Theme.unit, words.implicitHeight + 2 * Theme.m)

    Surface {
        anchors.fill: parent
        colour: root.down ? Theme.press : Theme.surface
        raised: !root.down
    }

    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.l
        anchors.rightMargin: Theme.l
        spacing: Theme.l

        Rectangle {
            visible: root.pictogram !== ""
            readonly property real size: (Theme.aside ? 100 : 136) * Theme.unit
            Layout.preferredWidth: size
            Layout.preferredHeight: size
            radius: width / 2
            color: Theme.soft

            Pictogram {
                anchors.centerIn: parent
                name: root.pictogram
                size: (Theme.aside ? 60 : 76) * Theme.unit
            }
        }
        ColumnLayout {
            id: words
            Layout.fillWidth: true
            spacing: Theme.xs

            Words {
                text: root.title
                even: true
                font.pixelSize: Theme.title
                font.weight: Font.Bold
                color: root.enabled ? Theme.ink : Theme.quiet
            }
            Words {
                visible: text !== ""
                text: root.detail
                even: true
                font.pixelSize: Theme.label
                color: Theme.quiet
            }
        }
        Pictogram {
            name: "right"
            size: 52 * Theme.unit
            colour: root.enabled ? Theme.brand : Theme.line
        }
    }
}
