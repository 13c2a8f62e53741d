import QtQuick
import QtQuick.Layouts

// Title, subtitle, pictogram and steps on the band.
ColumnLayout {
    id: root

    property string title
    property string subtitle
    property string pictogram
    property bool calls: false
    property int step: 0
    property int steps: 0

    spacing: Theme.m

    Steps {
        Layout.fillWidth: true
        step: root.step
        steps: root.steps
    }
    GridLayout {
        columns: Theme.aside ? 1 : 2
        columnSpacing: Theme.l
        rowSpacing: Theme.m

        Rectangle {
            // Beside the content there is room for words and steps, or for words and a picture.
            visible: root.pictogram !== "" && Station.scale < 1.4 && !(Theme.aside && root.steps > 0)
            Layout.preferredWidth: 148 * Theme.unit
            Layout.preferredHeight: 148 * Theme.unit
            Layout.alignment: Qt.AlignTop
            radius: width / 2
            color: Theme.bandSoft
            border.width: Theme.line1
            border.color: Theme.bandLine

            Pictogram {
                anchors.centerIn: parent
                name: root.pictogram
                size: 84 * Theme.unit
                colour: Theme.overBand
            }
        }
        ColumnLayout {
            Layout.fillWidth: true
            Layout.alignment: Qt.AlignVCenter
            spacing: Theme.s

            Words {
                text: root.title
                even: true
                // Beside the content there is less room for words than above it.
                font.pixelSize: {
                    if (Theme.aside && Station.scale > 1.2)
                        return Theme.title;
                    return root.calls && Station.scale < 1.4 ? 1.2 * Theme.display : Theme.display;
                }
                font.weight: Font.Bold
                color: Theme.overBand
                lineHeight: 1.05 * Theme.leading
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                visible: text !== ""
                text: root.subtitle
                even: true
                font.pixelSize: Theme.aside || Theme.low ? Theme.bodyAside : Theme.body
                color: Theme.overBandQuiet
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
    }
}
