import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-correct-title", {
        field: Station.t(page.model.label_key)
    })
    subtitle: Station.t("booth-correct-subtitle")

    Card {
        Layout.maximumWidth: 1300 * Theme.unit
        spacing: Theme.m

        TextEntry {
            id: typed
            visible: page.model.options.length === 0
            label: Station.t(page.model.label_key)
            hint: page.model.hint_key === "" ? "" : Station.t(page.model.hint_key)
            error: Station.error ? Station.t("common-not-sensible") : ""
            Component.onCompleted: value = page.model.value
        }
        FactRow {
            visible: page.model.known !== ""
            label: Station.t("booth-known-codes")
            value: page.model.known
        }
        ChoiceRow {
            id: chosen
            visible: page.model.options.length > 0
            label: Station.t(page.model.label_key)
            options: page.model.options.map(option => ({
                        value: option.value,
                        text: Station.t(option.text_key)
                    }))
            Component.onCompleted: value = page.model.value
        }
        TextEntry {
            id: reason
            label: Station.t("booth-reason")
            hint: Station.t("booth-reason-hint")
            error: Station.error ? Station.t("common-not-sensible") : ""
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("booth-save")
            action: "save"
            value: JSON.stringify({
                value: String(page.model.options.length > 0 ? chosen.value : typed.value),
                reason: reason.value
            })
        }
    ]
}
