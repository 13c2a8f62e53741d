pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// The form, read only.
GridLayout {
    id: root

    required property var form

    Layout.fillWidth: true
    columns: Station.scale > 1.2 ? 1 : 2
    columnSpacing: Theme.l
    rowSpacing: 0
    uniformCellWidths: true

    Repeater {
        model: root.form

        FactRow {
            required property var modelData
            label: Station.t(modelData.label_key)
            value: modelData.value_key === "" ? modelData.value : Station.t(modelData.value_key)
        }
    }
}
