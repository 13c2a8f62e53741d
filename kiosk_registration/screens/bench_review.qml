pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("bench-review-title")
    subtitle: Station.t(page.model.gaps ? "bench-review-gaps" : "bench-review-subtitle")
    pictogram: "form"

    Repeater {
        model: page.model.rows

        RowLayout {
            id: row
            required property var modelData
            Layout.fillWidth: true
            spacing: Theme.m

            FactRow {
                label: Station.t("papers-form-" + row.modelData.name)
                value: row.modelData.choice ? Station.t("papers-form-" + row.modelData.name + "-" + row.modelData.value) : row.modelData.value
            }
            QuietButton {
                visible: row.modelData.page >= 0
                Layout.fillWidth: false
                text: Station.t("bench-review-change", {
                    field: Station.t("papers-form-" + row.modelData.name)
                })
                action: "change"
                value: String(row.modelData.page)
            }
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t(page.model.gaps ? "bench-review-later" : "bench-review-confirm")
            action: "confirm"
        }
    ]
}
