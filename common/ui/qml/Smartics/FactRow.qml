import QtQuick
import QtQuick.Layouts

// One particular, read only.
Item {
    id: root

    property string label
    property string value
    readonly property bool narrow: Station.scale > 1.2 || width < 640 * Theme.unit

    Layout.fillWidth: true
    Layout.minimumHeight: implicitHeight
    implicitWidth: 400 * Theme.unit
    implicitHeight: grid.implicitHeight + 2 * Theme.xs
    Accessible.role: Accessible.StaticText
    Accessible.name: label + ": " + (value === "" ? Station.t("common-speech-entered", {
        count: 0
    }) : value)

    GridLayout {
        id: grid
        anchors.verticalCenter: parent.verticalCenter
        width: parent.width
        columns: root.narrow ? 1 : 2
        columnSpacing: Theme.m
        rowSpacing: 0

        Words {
            Layout.preferredWidth: root.narrow ? root.width : root.width * 0.38
            Layout.minimumWidth: root.narrow ? 0 : root.width * 0.38
            Layout.maximumWidth: root.narrow ? root.width : root.width * 0.38
            Layout.alignment: Qt.AlignTop
            text: root.label
            font.pixelSize: Theme.label
            color: Theme.quiet
        }
        Words {
            text: root.value === "" ? "–" : root.value
            font.weight: Font.Bold
        }
    }
    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: 1
        color: Theme.hair
    }
}
