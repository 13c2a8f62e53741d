import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-paper-title")
    subtitle: Station.t("registration-paper-subtitle")
    pictogram: "printer"
    step: 4
    steps: 5

    ChoiceCard {
        title: Station.t("registration-paper-electronic")
        detail: Station.t("registration-paper-electronic-detail")
        pictogram: "lock"
        action: "electronic"
    }
    ChoiceCard {
        title: Station.t("registration-paper-print")
        detail: Station.t("registration-paper-print-detail")
        pictogram: "printer"
        action: "paper"
    }
}
