import Smartics

Page {
    required property var model

    title: Station.t("common-counter-title")
    step: 2
    steps: 4
    pictogram: "tag"

    ChoiceCard {
        title: Station.t("common-yes")
        detail: Station.t("common-continue")
        pictogram: "check"
        action: "choose"
        value: "yes"
    }
    ChoiceCard {
        title: Station.t("common-no")
        pictogram: "cross"
        action: "choose"
        value: "no"
        enabled: false
    }
    BigNumber {
        text: "A023"
        detail: Station.t("common-counter-tag")
    }
    Busy {
        text: Station.t("common-working")
    }
}
