import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-take-new-title")
    subtitle: Station.t("collection-take-new-subtitle")
    step: 4
    steps: 4

    Guide {
        picture: "card_out"
    }
    Banner {
        kind: "info"
        text: Station.t(page.model.keeps_key)
    }
}
