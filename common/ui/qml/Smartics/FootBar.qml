pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// Larger text, contrast and the way to a person: always in the same place.
GridLayout {
    id: root

    readonly property bool dark: Theme.aside
    readonly property color ink: dark ? Theme.overBand : Theme.ink

    component Aid: Touchable {
        id: aid
        property string text
        property string pictogram
        property bool on: false
        name: text
        Layout.fillWidth: true
        implicitWidth: 100 * Theme.unit
        implicitHeight: Math.max(Theme.target, words.implicitHeight + Theme.s)
        radius: Theme.keyRadius

        Rectangle {
            anchors.fill: parent
            radius: aid.radius
            color: {
                if (root.dark)
                    return aid.down || aid.on ? Theme.bandSoft : "transparent";
                return aid.down ? Theme.press : aid.on ? Theme.soft : Theme.surface;
            }
            border.width: Theme.line1
            border.color: root.dark ? Theme.bandLine : Theme.line
        }
        Words {
            id: words
            readonly property real picture: 42 * Theme.unit + Theme.s * 0.75
            x: Theme.s * 0.75 + picture
            width: parent.width - 1.5 * Theme.s - picture
            anchors.verticalCenter: parent.verticalCenter
            text: aid.text
            font.pixelSize: 29 * Theme.unit
            font.weight: Font.Bold
            lineHeight: 1
            horizontalAlignment: Text.AlignHCenter
            color: root.ink
        }
        Pictogram {
            x: words.x + (words.width - words.contentWidth) / 2 - words.picture
            anchors.verticalCenter: parent.verticalCenter
            name: aid.pictogram
            size: 42 * Theme.unit
            colour: root.dark ? Theme.overBand : Theme.brand
        }
    }

    columns: Theme.aside ? 2 : 3
    uniformCellWidths: true
    columnSpacing: Theme.s
    rowSpacing: Theme.xs

    Aid {
        text: Station.scale > 1.4 ? Station.t("common-smaller-text") : Station.t("common-larger-text")
        pictogram: "letters"
        on: Station.scale > 1
        onClicked: Station.bridge.next_scale()
    }
    Aid {
        text: Station.contrast ? Station.t("common-normal-contrast") : Station.t("common-high-contrast")
        pictogram: "contrast"
        on: Station.contrast
        onClicked: Station.bridge.switch_contrast()
    }
    Aid {
        visible: Station.canCallStaff
        text: Station.t("common-call-staff")
        pictogram: "help"
        action: "call_staff"
        Layout.columnSpan: Theme.aside ? 2 : 1
    }
}
