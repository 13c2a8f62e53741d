import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-welcome-title")
    subtitle: Station.t("registration-welcome-subtitle")
    pictogram: "tag"

    Guide {
        picture: "ticket"
        text: Station.t("registration-welcome-picture")
    }
    Banner {
        kind: "info"
        text: Station.t("registration-welcome-bring")
    }
}
