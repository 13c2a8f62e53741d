import QtQuick
import QtQuick.Layouts

// A white card around whatever belongs together.
Item {
    id: root

    default property alias content: column.data
    property alias spacing: column.spacing
    readonly property bool raised: true

    Layout.fillWidth: true
    Layout.minimumHeight: implicitHeight
    implicitWidth: column.implicitWidth + 2 * Theme.l
    implicitHeight: column.implicitHeight + 2 * Theme.l

    Surface {
        anchors.fill: parent
    }
    ColumnLayout {
        id: column
        anchors.fill: parent
        anchors.margins: Theme.l
        spacing: Theme.s
    }
}
