import QtQuick
import QtQuick.Layouts
import Smartics

// The face of a card in big characters, for the applicant to read.
Card {
    id: root

    required property var face

    RowLayout {
        spacing: Theme.l

        Photo {
            Layout.preferredWidth: 430 * Theme.unit
            Layout.preferredHeight: 550 * Theme.unit
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
            FactRow {
                label: Station.t("booth-field-date-of-birth")
                value: root.face.born
            }
            FactRow {
                label: Station.t("booth-field-sex")
                value: root.face.sex_key === "" ? "" : Station.t(root.face.sex_key)
            }
            FactRow {
                label: Station.t("booth-field-number")
                value: root.face.number
            }
        }
    }
}
