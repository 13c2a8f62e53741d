import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("common-counter-title")
    subtitle: Station.t("common-counter-nothing-lost")

    TextEntry {
        id: entry
        label: Station.t("common-counter-tag")
    }
    Heading {
        text: Station.t("common-working")
    }
    Note {
        text: Station.t("common-please-wait")
    }
    WorkRow {
        title: "A023"
        detail: "12:30"
        badge: "2"
        action: "open"
        value: "A023"
    }
    Banner {
        kind: "error"
        text: Station.t("common-not-sensible")
    }

    side: [
        Photo {
            label: page.model.holder
        },
        FactRow {
            label: Station.t("common-counter-place")
            value: "C1"
        },
        Body {
            text: Station.t("common-please-wait")
        }
    ]
    footer: [
        QuietButton {
            text: Station.t("common-cancel")
            action: "cancel"
        },
        PrimaryButton {
            text: Station.t("common-confirm")
            action: "enter"
            value: entry.value
        }
    ]
}
