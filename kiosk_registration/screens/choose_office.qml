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
            title: Station.said(modelData.name)
            // With large letters the list would be too long to look through.
            detail: {
                const here = modelData.here ? Station.t("registration-office-here") : "";
                return [here, Station.scale > 1.6 ? "" : Station.said(modelData.address)].filter(part => part !== "").join(" · ");
            }
            pictogram: "counter"
            action: "office"
            value: modelData.code
        }
    }
}
