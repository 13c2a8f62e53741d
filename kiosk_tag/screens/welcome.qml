import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title)
    subtitle: Station.t(page.model.subtitle)
    pictogram: "tag"

    Banner {
        kind: "warn"
        text: page.model.warning === "" ? "" : Station.t(page.model.warning)
    }
    ChoiceCard {
        visible: page.model.letter
        title: Station.t(page.model.letter_title)
        detail: Station.t("tag-welcome-letter-detail")
        pictogram: "letter"
        action: "letter"
    }
    ChoiceCard {
        visible: page.model.card
        title: Station.t("tag-welcome-card")
        detail: Station.t("tag-welcome-card-detail")
        pictogram: "card"
        action: "card"
    }
    ChoiceCard {
        title: Station.t("tag-welcome-number")
        detail: Station.t("tag-welcome-number-detail")
        pictogram: "keypad"
        action: "number"
    }
    ChoiceCard {
        visible: page.model.is_first
        title: Station.t("tag-welcome-other")
        detail: Station.t("tag-welcome-other-detail")
        pictogram: "help"
        action: "other"
    }

    footer: [
        SecondaryButton {
            visible: !page.model.is_first
            text: Station.t("common-back")
            action: "back"
        },
        SecondaryButton {
            visible: page.model.none
            text: Station.t("tag-none")
            action: "none"
        }
    ]
}
