import QtQuick
import Smartics

Page {
    id: page

    required property var model
    readonly property bool large: Station.scale > 1.6

    title: Station.t("bench-how-title")
    subtitle: Station.t(page.model.gaps ? "bench-how-gaps" : "bench-how-saved")
    pictogram: "form"

    ChoiceCard {
        title: Station.t("bench-how-officer")
        detail: page.large ? "" : Station.t("bench-how-officer-detail")
        pictogram: "person"
        action: "officer"
    }
    ChoiceCard {
        title: Station.t("bench-how-now")
        detail: page.large ? "" : Station.t("bench-how-now-detail")
        pictogram: "form"
        action: "back"
    }
    ChoiceCard {
        title: Station.t("bench-how-later")
        detail: page.large ? "" : Station.t("bench-how-later-detail")
        pictogram: "clock"
        action: "later"
    }
}
