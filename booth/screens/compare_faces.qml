pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model
    property var chosen: []

    function toggle(value) {
        chosen = chosen.includes(value) ? chosen.filter(one => one !== value) : [...chosen, value];
    }

    title: Station.t("booth-compare-title")
    subtitle: Station.t("booth-compare-subtitle")

    Banner {
        kind: "warn"
        text: page.model.twin ? Station.t("booth-twin-flagged") : ""
    }
    RowLayout {
        Layout.fillWidth: true
        Layout.fillHeight: true
        spacing: Theme.m

        Photo {
            Layout.fillWidth: true
            Layout.fillHeight: true
            source: page.model.face.portrait
            label: Station.t("booth-portrait")
        }
        LiveView {
            mirrored: false
        }
    }
    TextEntry {
        id: reason
        label: Station.t("booth-compare-reason")
        hint: Station.t("booth-reason-hint")
        error: Station.error ? Station.t("booth-proof-missing") : ""
    }

    side: [
        Words {
            text: Station.t("booth-documents-title")
            font.weight: Font.Bold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        },
        Repeater {
            model: page.model.documents

            ActButton {
                required property var modelData
                strong: page.chosen.includes(modelData.value)
                checkable: true
                checked: strong
                text: Station.t(modelData.text_key)
                onClicked: page.toggle(modelData.value)
            }
        },
        Heading {
            text: page.model.face.chinese_name
        },
        Heading {
            text: page.model.face.name
        },
        FactRow {
            label: Station.t("booth-field-date-of-birth")
            value: page.model.face.born
        },
        FactRow {
            label: Station.t("booth-field-number")
            value: page.model.face.number
        },
        Item {
            Layout.fillHeight: true
        }
    ]
    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        SecondaryButton {
            text: Station.t("booth-not-the-holder")
            action: "deny"
        },
        PrimaryButton {
            text: Station.t("booth-is-the-holder")
            action: "confirm"
            value: JSON.stringify({
                reason: reason.value,
                documents: page.chosen.join(",")
            })
        }
    ]
}
