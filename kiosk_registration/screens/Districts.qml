pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// The districts by area, to choose one, or none for an address elsewhere.
ColumnLayout {
    id: root

    property var areas: []
    property string value

    signal chosen(string district)

    function slug(district: string): string {
        return district.toLowerCase().replace(/ /g, "_");
    }

    Layout.fillWidth: true
    spacing: Theme.xs

    Repeater {
        model: root.areas

        ColumnLayout {
            id: area
            required property var modelData
            Layout.fillWidth: true
            spacing: Theme.xs

            Words {
                text: Station.t("bench-area-" + area.modelData.area)
                font.pixelSize: Theme.note
                font.weight: Font.Bold
                color: Theme.quiet
            }
            GridLayout {
                Layout.fillWidth: true
                columns: Station.scale > 1.3 ? 2 : 3
                columnSpacing: Theme.s
                rowSpacing: Theme.xs
                uniformCellWidths: true

                Repeater {
                    model: area.modelData.districts

                    DistrictButton {
                        required property string modelData
                        text: Station.t("bench-district-" + root.slug(modelData))
                        checked: root.value === modelData
                        onClicked: root.chosen(modelData)
                    }
                }
            }
        }
    }
    DistrictButton {
        text: Station.t("bench-district-none")
        checked: root.value === ""
        onClicked: root.chosen("")
    }
}
