pragma ComponentBehavior: Bound
import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-menu-title")
    subtitle: page.model.officer
    pictogram: "lock"

    Banner {
        kind: "error"
        text: page.model.stuck === "" ? "" : Station.t("collection-menu-stuck-" + page.model.stuck)
    }
    SecondaryButton {
        visible: page.model.stuck !== ""
        text: Station.t(page.model.stuck === "old_document" ? "collection-menu-has-document" : "collection-menu-has-card")
        action: "by_hand"
    }
    SecondaryButton {
        visible: page.model.stuck === "unseen"
        text: Station.t("collection-menu-none-inside")
        action: "none_inside"
    }
    Card {
        FactRow {
            label: Station.t("collection-menu-pockets")
            value: page.model.counted ? Station.t("collection-menu-count", {
                filled: page.model.filled,
                empty: page.model.empty
            }) : "…"
        }
        Repeater {
            model: page.model.bins

            FactRow {
                required property var modelData
                label: Station.t("collection-menu-bin-" + modelData.bin)
                value: String(modelData.count)
            }
        }
    }
    Banner {
        kind: "warn"
        text: page.model.silent > 0 ? Station.t("collection-menu-silent", {
            count: page.model.silent
        }) : ""
    }
    ChoiceCard {
        visible: page.model.counted && page.model.stuck === ""
        title: Station.t("collection-menu-load")
        detail: Station.t("collection-menu-load-detail")
        pictogram: "card"
        action: "load"
    }

    footer: [
        SecondaryButton {
            visible: page.model.bins.length > 0 && page.model.stuck === ""
            text: Station.t("collection-menu-emptied")
            action: "emptied"
        },
        PrimaryButton {
            text: Station.t("collection-menu-leave")
            action: "leave"
        }
    ]
}
