pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// The face of a card in big characters, for the applicant to read.
Card {
    id: root

    required property var face

    readonly property var lines: [
        {
            label: Station.t("booth-field-date-of-birth"),
            value: face.born
        },
        {
            label: Station.t("booth-field-sex"),
            value: face.sex_key === "" ? "" : Station.t(face.sex_key)
        },
        {
            label: Station.t("booth-field-number"),
            value: face.number
        }
    ]

    RowLayout {
        spacing: Theme.l

        Photo {
            Layout.preferredWidth: 500 * Theme.unit
            Layout.preferredHeight: 640 * Theme.unit
            source: root.face.portrait
            label: ""
            Accessible.name: Station.t("booth-portrait")
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s

            Words {
                text: root.face.chinese_name
                visible: text !== ""
                font.pixelSize: Theme.display * 1.4
                font.weight: Font.Bold
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
            Words {
                text: root.face.name
                font.pixelSize: Theme.display * 1.4
                font.weight: Font.Bold
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
            GridLayout {
                Layout.topMargin: Theme.s
                columns: root.lines.length
                columnSpacing: Theme.l
                uniformCellWidths: true

                Repeater {
                    model: root.lines

                    ColumnLayout {
                        id: line
                        required property var modelData
                        spacing: 0

                        Words {
                            text: line.modelData.label
                            font.pixelSize: Theme.label
                            color: Theme.quiet
                        }
                        Words {
                            text: line.modelData.value === "" ? "–" : line.modelData.value
                            font.pixelSize: Theme.display
                            font.weight: Font.Bold
                            Accessible.role: Accessible.StaticText
                            Accessible.name: text
                            Accessible.description: line.modelData.label
                        }
                    }
                }
            }
        }
    }
}
