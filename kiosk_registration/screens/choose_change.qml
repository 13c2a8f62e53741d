pragma ComponentBehavior: Bound
import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-change-title")
    subtitle: Station.t("registration-change-subtitle")
    pictogram: "form"
    step: 4
    steps: 5

    ChoiceGrid {
        Repeater {
            model: page.model.changes

            ChoiceCard {
                required property var modelData
                title: Station.t("registration-change-" + modelData.change)
                detail: Station.t("registration-change-" + modelData.change + "-detail")
                // Side by side there is room for the words alone.
                pictogram: Theme.aside && Station.scale < 1.6 ? "" : modelData.pictogram
                action: "change"
                value: modelData.change
            }
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        }
    ]
}
