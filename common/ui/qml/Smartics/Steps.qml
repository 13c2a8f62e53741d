pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// How far the visit has come.
ColumnLayout {
    id: root

    property int step: 0
    property int steps: 0
    readonly property bool counts: steps > 1 && step > 0

    visible: counts
    Layout.fillHeight: false
    spacing: Theme.s
    Accessible.role: Accessible.ProgressBar
    Accessible.name: words.text

    Words {
        id: words
        text: root.counts ? Station.t("common-step", {
            step: root.step,
            steps: root.steps
        }) : ""
        font.pixelSize: Theme.label
        font.weight: Font.Bold
        color: Theme.overBandQuiet
    }
    RowLayout {
        spacing: Theme.xs

        Repeater {
            model: root.steps

            Rectangle {
                required property int index
                Layout.fillWidth: true
                Layout.preferredHeight: Math.max(6, 12 * Theme.unit)
                radius: height / 2
                color: index < root.step ? Theme.overBand : Theme.bandSoft
                border.width: index < root.step ? 0 : 1
                border.color: Theme.bandLine
            }
        }
    }
}
