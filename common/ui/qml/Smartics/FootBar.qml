pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// Larger text, contrast, reach and the way to a person: always in the same place.
GridLayout {
    id: root

    readonly property bool dark: Theme.aside
    readonly property color ink: dark ? Theme.overBand : Theme.ink

    component Aid: Touchable {
        id: aid
        property string text
        property string pictogram
        property bool on: false
        // With large letters the drawing stands above the words, so that both have room; in low mode,
        // where each line counts, the words stand alone.
        readonly property bool above: Theme.largeAids && !Theme.aside
        readonly property bool alone: above && Theme.low
        readonly property real side: 42 * Theme.unit
        readonly property real edge: Theme.s * 0.75
        readonly property real picture: above ? 0 : side + edge
        name: text
        Layout.fillWidth: true
        implicitWidth: 100 * Theme.unit
        implicitHeight: Theme.aidHeight
        radius: Theme.keyRadius

        Rectangle {
            anchors.fill: parent
            radius: aid.radius
            color: {
                if (root.dark)
                    return aid.down || aid.on ? Theme.bandSoft : "transparent";
                return aid.down ? Theme.press : aid.on ? Theme.soft : Theme.surface;
            }
            border.width: Theme.line1 * (aid.on ? 2 : 1)
            border.color: root.dark ? Theme.bandLine : aid.on ? Theme.brand : Theme.line
        }
        Words {
            id: words
            x: LayoutMirroring.enabled ? aid.edge : aid.edge + aid.picture
            y: aid.above && !aid.alone ? aid.side + Theme.xs : 0
            width: parent.width - 2 * aid.edge - aid.picture
            height: parent.height - y
            text: aid.text
            font.pixelSize: (Theme.largeAids ? 34 : 29) * Theme.unit
            fontSizeMode: Text.Fit
            minimumPixelSize: 18 * Theme.unit
            font.weight: Font.Bold
            lineHeight: 0.9 * Theme.leading
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
            color: root.ink
        }
        Pictogram {
            visible: !aid.alone
            readonly property real slack: (words.width - words.contentWidth) / 2
            x: aid.above ? (parent.width - width) / 2 : LayoutMirroring.enabled ? words.x + words.width - slack + aid.edge : words.x + slack - aid.picture
            y: aid.above ? Theme.xs : (parent.height - height) / 2
            name: aid.pictogram
            size: aid.side
            colour: root.dark ? Theme.overBand : Theme.brand
        }
    }

    columns: Theme.aside ? 2 : 4
    uniformCellWidths: true
    columnSpacing: Theme.s
    rowSpacing: Theme.xs

    Aid {
        text: Station.scale > 1.9 ? Station.t("common-smaller-text") : Station.t("common-larger-text")
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
        visible: Theme.portrait
        text: Station.low ? Station.t("common-controls-usual") : Station.t("common-controls-lower")
        pictogram: "lower"
        on: Station.low
        onClicked: Station.bridge.switch_low()
    }
    Aid {
        visible: Station.canCallStaff
        text: Station.t("common-call-staff")
        pictogram: "help"
        action: "call_staff"
        Layout.columnSpan: Theme.aside ? 2 : 1
    }
}
