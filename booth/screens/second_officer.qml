pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// A second officer reads the record and confirms it with a password.
DeskPage {
    id: page

    required property var model

    function send() {
        Station.act("confirm", JSON.stringify({
            officer: officer.value,
            password: secret.value
        }));
    }

    title: Station.t(page.model.title_key)
    subtitle: page.model.number
    onModelChanged: if (model.note_key !== "")
        secret.value = ""

    NoteBanner {
        model: page.model
    }
    Repeater {
        model: page.model.lines

        FactRow {
            required property var modelData
            label: Station.t(modelData.finger_key)
            value: modelData.why_key === "" ? modelData.value : Station.t(modelData.why_key)
        }
    }
    FactRow {
        label: Station.t("booth-reason")
        value: page.model.reason
    }
    FactRow {
        visible: page.model.parent !== ""
        label: Station.t("booth-except-fingers-parent")
        value: page.model.parent
    }
    Card {
        spacing: Theme.m

        TextEntry {
            id: officer
            label: Station.t("booth-second-officer-name")
            error: Station.error ? Station.t("common-not-sensible") : ""
            onAccepted: page.send()
        }
        TextEntry {
            id: secret
            label: Station.t("booth-sign-in-password")
            password: true
            onAccepted: page.send()
        }
    }
    Item {
        Layout.fillHeight: true
    }

    side: [
        Repeater {
            model: page.model.photographs

            Photo {
                required property var modelData
                Layout.preferredHeight: 340 * Theme.unit
                source: modelData.picture
                label: Station.t(modelData.text_key)
            }
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
            text: Station.t("booth-second-officer-confirm")
            onClicked: page.send()
        }
    ]
}
