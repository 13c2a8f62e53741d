pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// Somebody collects for the holder: which paper, whose document, and what was looked at.
DeskPage {
    id: page

    required property var model
    property var checked: []

    function words(options) {
        return options.map(one => ({
                    value: one.value,
                    text: Station.t(one.text_key)
                }));
    }

    function toggle(value) {
        checked = checked.includes(value) ? checked.filter(one => one !== value) : [...checked, value];
    }

    title: Station.t("booth-proxy-title")
    subtitle: Station.t("booth-proxy-subtitle")

    ChoiceRow {
        id: paper
        label: Station.t("booth-proxy-paper")
        options: page.words(page.model.papers)
    }
    ChoiceRow {
        id: document_
        label: Station.t("booth-proxy-document")
        options: page.words(page.model.documents)
    }
    TextEntry {
        id: named
        label: Station.t("booth-proxy-name")
    }
    TextEntry {
        id: numbered
        label: Station.t("booth-proxy-number")
    }
    TextEntry {
        id: reason
        label: Station.t("booth-compare-reason")
        hint: Station.t("booth-reason-hint")
        error: Station.error ? Station.t("booth-proxy-missing") : ""
    }
    Item {
        Layout.fillHeight: true
    }

    side: [
        Words {
            text: Station.t("booth-proxy-checks")
            font.weight: Font.Bold
            Accessible.role: Accessible.Heading
            Accessible.name: text
        },
        ColumnLayout {
            Layout.fillWidth: true
            spacing: Theme.s

            Repeater {
                model: page.model.checks

                ActButton {
                    required property var modelData
                    strong: page.checked.includes(modelData.value)
                    checkable: true
                    checked: strong
                    text: Station.t(modelData.text_key)
                    onClicked: page.toggle(modelData.value)
                }
            }
        },
        Photo {
            visible: page.model.signature !== ""
            source: page.model.signature
            label: Station.t("booth-proxy-specimen")
        },
        FactRow {
            label: Station.t("booth-proxy-holder")
            value: page.model.face.name
        },
        FactRow {
            label: Station.t("booth-field-date-of-birth")
            value: page.model.face.born
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
        PrimaryButton {
            text: Station.t("booth-proxy-confirm")
            action: "confirm"
            value: JSON.stringify({
                paper: paper.value,
                document: document_.value,
                name: named.value,
                number: numbered.value,
                reason: reason.value,
                checks: page.checked.join(",")
            })
        }
    ]
}
