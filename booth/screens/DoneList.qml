pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// What is done already, as a list of ticks.
ColumnLayout {
    id: root

    required property var marks

    Layout.fillWidth: true
    spacing: Theme.xs

    Words {
        text: Station.t("booth-case-done")
        font.weight: Font.Bold
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    Note {
        visible: root.marks.length === 0
        text: Station.t("booth-case-nothing-done")
    }
    Repeater {
        model: root.marks

        RowLayout {
            id: tick
            required property string modelData
            spacing: Theme.s

            Pictogram {
                name: "check"
                size: 40 * Theme.unit
                colour: Theme.good
            }
            Note {
                text: Station.t(tick.modelData)
            }
        }
    }
}
