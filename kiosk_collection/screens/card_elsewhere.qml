import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-end-other_office-title")
    subtitle: Station.t("collection-elsewhere-subtitle")
    pictogram: "home"

    Card {
        Heading {
            text: Station.said(page.model.office)
            font.pixelSize: Theme.display
        }
    }
    ChoiceCard {
        title: Station.t("collection-elsewhere-go")
        detail: Station.t("collection-elsewhere-go-detail")
        pictogram: "right"
        action: "go"
    }
    ChoiceCard {
        title: Station.t("collection-elsewhere-send")
        detail: Station.t("collection-elsewhere-send-detail")
        pictogram: "counter"
        action: "send"
    }
}
