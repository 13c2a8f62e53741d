pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// The officers' cards that count; a touch on one asks whether it is to end.
DeskPage {
    id: page

    required property var model

    title: Station.t("booth-duty-officer-cards")
    subtitle: Station.t("booth-officer-cards-subtitle")

    NoteBanner {
        model: page.model
    }
    Body {
        visible: page.model.rows.length === 0
        text: Station.t("booth-work-empty")
    }
    Repeater {
        model: page.model.rows

        WorkRow {
            required property var modelData
            title: modelData.officer
            detail: modelData.role_keys.map(key => Station.t(key)).join(" · ")
            badge: Station.t("booth-officer-card-named", {
                card: modelData.card
            })
            action: "revoke"
            value: modelData.key_id
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "home"
        },
        SecondaryButton {
            text: Station.t("booth-refresh")
            action: "again"
        },
        PrimaryButton {
            text: Station.t("booth-officer-card-give")
            action: "give"
        }
    ]
}
