import QtQuick
import Smartics

Page {
    id: page

    required property var model
    readonly property string address: page.model.address.by_language ? Station.said(page.model.address) : ""

    title: Station.t(page.model.to_kiosk ? "tag-where-kiosk-title" : "tag-where-title")
    subtitle: Station.t(page.model.to_kiosk ? "tag-where-kiosk" : "tag-where-stays")
    pictogram: page.model.to_kiosk ? "card" : "home"

    Card {
        visible: !page.model.to_kiosk
        Heading {
            text: page.model.name.by_language ? Station.said(page.model.name) : ""
        }
        Body {
            text: page.address === "" ? Station.t("tag-where-no-address") : page.address
        }
    }
    Guide {
        picture: page.model.to_kiosk ? "card_out" : "elsewhere"
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
