import QtQuick
import QtQuick.Layouts

// A message that matters: info, good, warn or error.
Item {
    id: root

    property string kind: "info"
    property string text
    property bool large: false
    property string pictogram: ({
            info: "info",
            good: "check",
            warn: "warning",
            error: "warning"
        })[kind] ?? "info"
    readonly property bool raised: true
    readonly property color strong: ({
            info: Theme.brand,
            good: Theme.good,
            warn: Theme.warn,
            error: Theme.bad
        })[kind] ?? Theme.brand
    readonly property color soft: ({
            info: Theme.soft,
            good: Theme.goodSoft,
            warn: Theme.warnSoft,
            error: Theme.badSoft
        })[kind] ?? Theme.soft

    Layout.fillWidth: true
    Layout.minimumHeight: visible ? implicitHeight : 0
    visible: text !== ""
    implicitWidth: 400 * Theme.unit
    implicitHeight: Math.max(112 * Theme.unit, words.implicitHeight + 2 * Theme.m)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: text

    Surface {
        anchors.fill: parent
        raised: false
        radius: Theme.buttonRadius
        colour: root.soft
        edge: root.strong
        edgeWidth: Theme.line1
    }
    Rectangle {
        anchors.left: parent.left
        anchors.leftMargin: Theme.line1
        y: Theme.buttonRadius
        width: Math.max(4, 8 * Theme.unit)
        height: parent.height - 2 * y
        radius: width / 2
        color: root.strong
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.m + Theme.xs
        anchors.rightMargin: Theme.m
        spacing: Theme.m

        Pictogram {
            name: root.pictogram
            size: (root.large ? 88 : 60) * Theme.unit * Math.min(1.4, Station.scale)
            colour: root.strong
        }
        Words {
            id: words
            text: root.text
            even: true
            font.weight: Font.Bold
        }
    }
}
