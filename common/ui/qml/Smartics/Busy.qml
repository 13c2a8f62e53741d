pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// Calm waiting: three dots that take turns.
Item {
    id: root

    property string text
    property string pictogram
    property int beat: 0

    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: implicitHeight
    implicitWidth: 400 * Theme.unit
    implicitHeight: column.implicitHeight
    Accessible.role: Accessible.StaticText
    Accessible.name: text

    Timer {
        interval: 420
        repeat: true
        running: root.visible && !Station.still
        onTriggered: root.beat = (root.beat + 1) % 3
    }

    ColumnLayout {
        id: column
        anchors.centerIn: parent
        width: parent.width
        spacing: Theme.l

        Rectangle {
            visible: root.pictogram !== ""
            Layout.alignment: Qt.AlignHCenter
            Layout.preferredWidth: 280 * Theme.unit
            Layout.preferredHeight: 280 * Theme.unit
            radius: width / 2
            color: Theme.soft

            Pictogram {
                anchors.centerIn: parent
                name: root.pictogram
                size: 150 * Theme.unit
            }
        }
        Row {
            Layout.alignment: Qt.AlignHCenter
            spacing: Theme.m

            Repeater {
                model: 3

                Rectangle {
                    required property int index
                    width: 30 * Theme.unit
                    height: width
                    radius: width / 2
                    color: index === root.beat ? Theme.brand : Theme.press
                }
            }
        }
        Words {
            text: root.text
            font.pixelSize: Theme.title
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
