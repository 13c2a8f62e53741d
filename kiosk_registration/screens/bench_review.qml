pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("bench-review-title")
    subtitle: Station.t(page.model.gaps ? "bench-review-gaps" : "bench-review-subtitle") + "\n" + Station.t("bench-form-" + page.model.kind)
    pictogram: "form"

    Repeater {
        model: page.model.rows

        Touchable {
            id: row
            required property var modelData
            readonly property bool can: modelData.page >= 0
            Layout.fillWidth: true
            implicitHeight: Math.max(Theme.target, fact.implicitHeight)
            enabled: can
            name: can ? Station.t("bench-review-change", {
                field: fact.label
            }) : fact.label
            description: fact.value
            action: can ? "change" : ""
            value: String(modelData.page)

            FactRow {
                id: fact
                width: parent.width - 60 * Theme.unit
                anchors.verticalCenter: parent.verticalCenter
                label: Station.t("papers-form-" + row.modelData.name)
                value: Station.said(row.modelData.value)
            }
            Pictogram {
                visible: row.can
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                name: "right"
                size: 40 * Theme.unit
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
