pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// One thing that is wrong with a photograph: a drawing, what is wrong, what to do, what was measured.
RowLayout {
    id: root

    required property var found

    spacing: Theme.s
    Layout.fillWidth: true

    Pictogram {
        name: root.found.pictogram
        size: 120 * Theme.unit
        colour: Theme.warn
        Layout.alignment: Qt.AlignTop
    }
    ColumnLayout {
        spacing: 0
        Layout.fillWidth: true

        Note {
            Layout.fillWidth: true
            text: Station.t(root.found.fault_key)
            color: Theme.warn
            font.weight: Font.Bold
        }
        Note {
            Layout.fillWidth: true
            text: Station.t(root.found.advice_key)
        }
        Note {
            Layout.fillWidth: true
            text: Station.t("booth-photo-measured", {
                value: root.found.measured,
                limit: root.found.allowed
            })
        }
    }
}
