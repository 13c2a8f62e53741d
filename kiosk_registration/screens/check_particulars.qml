import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-check-title")
    subtitle: Station.t("registration-check-subtitle")
    pictogram: "form"
    step: 4
    steps: 5

    Card {
        spacing: 0

        FactRow {
            label: Station.t("papers-form-number")
            value: page.model.number
        }
        Repeater {
            model: page.model.rows

            FactRow {
                required property var modelData
                label: Station.t("papers-form-" + modelData.name)
                value: modelData.choice ? Station.t("papers-form-" + modelData.name + "-" + modelData.value) : modelData.value
            }
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-check-no")
            action: "wrong"
        },
        PrimaryButton {
            text: Station.t("registration-check-yes")
            action: "right"
        }
    ]
}
