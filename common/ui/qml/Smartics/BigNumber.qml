import QtQuick
import QtQuick.Layouts

// A tag number or a place, to be read from afar.
Item {
    id: root

    property string text
    property string detail
    readonly property bool raised: true

    Layout.fillWidth: true
    Layout.fillHeight: false
    Layout.minimumHeight: implicitHeight
    implicitWidth: 400 * Theme.unit
    implicitHeight: column.implicitHeight + 2 * Theme.l
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    Accessible.description: detail

    Surface {
        anchors.fill: parent
    }
    ColumnLayout {
        id: column
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.l
        spacing: Theme.xs

        Words {
            visible: text !== ""
            text: root.detail
            font.pixelSize: Theme.title
            color: Theme.quiet
            horizontalAlignment: Text.AlignHCenter
        }
        Words {
            text: root.text
            // Narrow places take smaller letters; a capital is about two thirds of its height wide.
            // Lying displays are low: a number is large there anyway, and what is to be done is below.
            font.pixelSize: Math.max(Theme.title, Math.min((Theme.aside && Station.scale > 1.2 ? 0.6 : 1) * Theme.number, column.width / (0.68 * Math.max(3, text.length))))
            font.weight: Font.Bold
            color: Theme.brand
            // The font keeps much room for accents that a number does not have.
            Layout.topMargin: -font.pixelSize * 0.16
            Layout.bottomMargin: -font.pixelSize * 0.12
            lineHeight: 1
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
