import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("bench-declare-title")
    subtitle: Station.t(page.model.guardian ? "bench-declare-guardian" : "bench-declare-subtitle")
    pictogram: "form"

    Card {
        Body {
            text: Station.t("bench-declare-true")
        }
        Body {
            text: Station.t("bench-declare-offence")
        }
        Note {
            text: Station.t("bench-declare-sign")
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("bench-declare-yes")
            action: "declare"
        }
    ]
}
