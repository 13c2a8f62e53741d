import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-compare-title")
    subtitle: Station.t("booth-compare-subtitle")

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
        error: Station.error ? Station.t("booth-reason-missing") : ""
    }

    side: [
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
            value: reason.value
        }
    ]
}
