import Smartics

Page {
    required property var model

    title: Station.t("common-please-wait")

    ChoiceCard {
        title: "1"
        action: "choose"
        value: "1"
    }
    ChoiceCard {
        title: "2"
        action: "choose"
        value: "2"
    }
    ChoiceCard {
        title: "3"
        action: "choose"
        value: "3"
    }
    ChoiceCard {
        title: "4"
        action: "choose"
        value: "4"
    }
    ChoiceCard {
        title: "5"
        action: "choose"
        value: "5"
    }
    ChoiceCard {
        title: "6"
        action: "choose"
        value: "6"
    }
    ChoiceCard {
        title: "7"
        action: "choose"
        value: "7"
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-next")
            action: "next"
        }
    ]
}
