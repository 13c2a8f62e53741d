import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title_key)
    subtitle: Station.t("collection-unread-subtitle")
    pictogram: page.model.pictogram

    ChoiceCard {
        title: Station.t("collection-unread-again")
        detail: Station.t(page.model.again_key)
        pictogram: page.model.pictogram
        action: "again"
    }
    ChoiceCard {
        title: Station.t("collection-unread-type")
        detail: Station.t("collection-unread-type-detail")
        pictogram: "keypad"
        action: "type"
    }
}
