pragma ComponentBehavior: Bound
import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-excuse-title")
    subtitle: Station.t("registration-excuse-subtitle")
    pictogram: "clock"
    step: 2
    steps: 5

    ChoiceGrid {
        Repeater {
            model: page.model.reasons

            ChoiceCard {
                required property string modelData
                title: Station.t("registration-excuse-" + modelData)
                action: "excuse"
                value: modelData
            }
        }
    }
    Note {
        text: Station.t("registration-excuse-note")
    }
}
