import QtQuick
import QtQuick.Layouts
import Smartics

// Is this officer's card to count no more?
DeskPage {
    id: page

    required property var model

    title: Station.t("booth-officer-card-end-title")
    subtitle: Station.t("booth-officer-card-end-subtitle")

    Card {
        FactRow {
            label: Station.t("booth-sign-in-officer")
            value: page.model.row.officer
        }
        FactRow {
            label: Station.t("booth-officer-card")
            value: page.model.row.card
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("booth-officer-card-end")
            action: "confirm"
        }
    ]
}
