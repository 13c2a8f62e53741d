import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-welcome-title")
    subtitle: Station.t(page.model.subtitle_key)
    pictogram: "card"

    Banner {
        kind: "warn"
        text: page.model.warning === "" ? "" : Station.t(page.model.warning)
    }
    Card {
        visible: page.model.card
        Layout.fillHeight: true

        Heading {
            text: Station.t("collection-welcome-card")
        }
        Body {
            text: Station.t("collection-welcome-card-detail")
        }
        Guide {
            picture: "card_in"
            implicitHeight: (Theme.aside ? 200 : 300) * Theme.unit
        }
    }
    Card {
        visible: page.model.form
        Layout.fillHeight: true

        Heading {
            text: Station.t("collection-welcome-form")
        }
        Body {
            text: Station.t("collection-welcome-form-detail")
        }
        Guide {
            picture: "form"
            implicitHeight: (Theme.aside ? 200 : 300) * Theme.unit
        }
    }
}
