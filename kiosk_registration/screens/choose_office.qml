pragma ComponentBehavior: Bound
import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-office-title")
    subtitle: Station.t("registration-office-subtitle")
    pictogram: "home"
    step: 4
    steps: 5

    Repeater {
        model: page.model.offices

        ChoiceCard {
            required property var modelData
            title: modelData.names[Station.language]
            detail: modelData.here ? Station.t("registration-office-here") : ""
            pictogram: "counter"
            action: "office"
            value: modelData.code
        }
    }
}
