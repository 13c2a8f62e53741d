import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-check-title")
    // With large letters every line of the head is one less of the form; the buttons ask the same.
    subtitle: Station.scale > 1.6 ? "" : Station.t("registration-check-subtitle")
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
                value: Station.said(modelData.value)
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
