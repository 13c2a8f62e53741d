import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t(model.title_key)
    subtitle: Station.t(model.detail_key)

    FormList {
        form: page.model.form
    }
    Card {
        spacing: Theme.m

        TextEntry {
            id: reason
            label: Station.t(page.model.reason_key)
            hint: Station.t("booth-reason-hint")
            error: Station.error ? Station.t("booth-reason-missing") : ""
            onAccepted: Station.act("confirm", reason.value)
        }
    }
    Item {
        Layout.fillHeight: true
    }

    side: [
        Photo {
            visible: page.model.portrait !== ""
            source: page.model.portrait
            label: Station.t("booth-portrait")
        },
        DoneList {
            marks: page.model.done
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
            text: Station.t(page.model.confirm_key)
            action: "confirm"
            value: reason.value
        }
    ]
}
