import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-alteration-title")
    subtitle: Station.t("registration-alteration-subtitle")
    pictogram: "card"
    step: 4
    steps: 5

    Card {
        Body {
            text: Station.t("registration-alteration-why")
        }
        Body {
            text: Station.t("registration-alteration-fee")
        }
    }
    ChoiceCard {
        title: Station.t("registration-alteration-keep")
        detail: Station.t("registration-alteration-keep-detail")
        pictogram: "check"
        action: "keep"
    }
    ChoiceCard {
        title: Station.t("registration-alteration-alter")
        detail: Station.t("registration-alteration-alter-detail")
        pictogram: "person"
        action: "alter"
    }
}
