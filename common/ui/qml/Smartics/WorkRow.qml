import QtQuick
import QtQuick.Layouts

// A line in a work list.
Touchable {
    id: root

    property string title
    property string detail
    property string badge
    property string pictogram

    name: title
    description: [detail, badge].filter(part => part !== "").join(", ")
    Layout.fillWidth: true
    Layout.minimumHeight: implicitHeight
    implicitWidth: 500 * Theme.unit
    implicitHeight: Math.max(Theme.button, words.implicitHeight + 2 * Theme.s)

    Surface {
        anchors.fill: parent
        raised: false
        radius: root.radius
        colour: root.down ? Theme.press : Theme.surface
        edge: Theme.hair
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.m
        anchors.rightMargin: Theme.m
        spacing: Theme.m

        Pictogram {
            visible: name !== ""
            name: root.pictogram
            size: 56 * Theme.unit
        }
        ColumnLayout {
            id: words
            Layout.fillWidth: true
            spacing: 0

            Words {
                text: root.title
                font.weight: Font.Bold
            }
            Words {
                visible: text !== ""
                text: root.detail
                font.pixelSize: Theme.label
                color: Theme.quiet
            }
        }
        Rectangle {
            visible: root.badge !== ""
            implicitWidth: mark.implicitWidth + 2 * Theme.s
            implicitHeight: mark.implicitHeight + Theme.xs
            radius: height / 2
            color: Theme.soft

            Words {
                id: mark
                anchors.centerIn: parent
                text: root.badge
                wrapMode: Text.NoWrap
                font.pixelSize: Theme.note
                font.weight: Font.Bold
                color: Theme.brand
            }
        }
        Pictogram {
            visible: root.action !== ""
            name: "right"
            size: 44 * Theme.unit
        }
    }
}
