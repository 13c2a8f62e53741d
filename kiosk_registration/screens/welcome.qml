import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-welcome-title")
    subtitle: Station.t("registration-welcome-subtitle")
    pictogram: "tag"

    Banner {
        kind: "warn"
        text: page.model.line ? "" : Station.t("registration-welcome-no-line")
    }
    Guide {
        picture: "slip"
        text: Station.t("registration-welcome-picture")
    }
    Banner {
        kind: "info"
        text: page.model.line ? Station.t("registration-welcome-bring") : ""
    }
}
