pragma ComponentBehavior: Bound
import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("staff-reason-title")
    subtitle: Station.t("staff-reason-subtitle")
    pictogram: "lock"

    Repeater {
        model: page.model.reasons

        ChoiceCard {
            required property var modelData
            title: Station.t(modelData.key)
            action: "reason"
            value: modelData.value
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        }
    ]
}
