import QtQuick
import Smartics

// One question, one card for each answer.
Page {
    id: page

    required property var model

    title: Station.t(page.model.title, page.model.values)
    subtitle: page.model.subtitle === "" ? "" : Station.t(page.model.subtitle, page.model.values)
    pictogram: page.model.pictogram

    Repeater {
        model: page.model.cards

        ChoiceCard {
            required property var modelData
            title: Station.t(modelData.title, modelData.values)
            detail: modelData.detail === "" ? "" : Station.t(modelData.detail)
            pictogram: modelData.pictogram
            action: modelData.action
            value: modelData.value
        }
    }

    Guide {
        // Nothing is to be chosen: when and where the card is collected stands above.
        visible: page.model.cards.length === 0
        picture: page.model.picture
    }

    footer: [
        SecondaryButton {
            visible: page.model.cards.length > 0
            text: Station.t(page.model.leave)
            action: "back"
        },
        PrimaryButton {
            visible: page.model.cards.length === 0
            text: Station.t(page.model.leave)
            action: "back"
        },
        SecondaryButton {
            visible: page.model.none
            text: Station.t("tag-none")
            action: "none"
        }
    ]
}
