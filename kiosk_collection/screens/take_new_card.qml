import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-take-new-title")
    subtitle: Station.t("collection-take-new-subtitle")
    calls: true
    step: 4
    steps: 4

    Banner {
        kind: "warn"
        text: page.model.asked ? Station.t("collection-take-new-asked") : ""
    }
    Guide {
        picture: "card_out"
        calls: true
        text: Station.t("collection-take-new-subtitle")
    }
    Banner {
        kind: "info"
        pictogram: "card"
        text: Station.t(page.model.keeps_key)
    }
    Banner {
        kind: "info"
        // Beside the head the question has its place.
        text: page.model.asked && Theme.aside ? "" : Station.t(page.model.lost_key)
    }
    Tone {}

    footer: [
        PrimaryButton {
            visible: page.model.asked
            text: Station.t("collection-more-time")
            action: "more_time"
        }
    ]
}
