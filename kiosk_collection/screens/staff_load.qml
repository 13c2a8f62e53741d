import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: page.model.pocket > 0 ? Station.t("collection-load-pocket-title", {
        pocket: page.model.pocket
    }) : Station.t("collection-load-title")
    subtitle: Station.t("collection-load-count", {
        count: page.model.loaded
    })
    pictogram: "card"

    BigNumber {
        visible: page.model.pocket > 0
        detail: Station.t("collection-load-pocket")
        text: String(page.model.pocket)
    }
    Guide {
        visible: page.model.pocket === 0
        picture: "card_in"
    }
    Banner {
        kind: "good"
        text: page.model.last_pocket > 0 ? Station.t("collection-load-stored", {
            pocket: page.model.last_pocket
        }) : ""
    }
    Banner {
        kind: "error"
        text: page.model.warning_key === "" ? "" : Station.t(page.model.warning_key, {
            pocket: page.model.pocket,
            wrong: page.model.wrong_pocket
        })
    }

    footer: [
        SecondaryButton {
            text: Station.t("collection-load-end")
            action: "menu"
        }
    ]
}
