pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t(model.title_key)
    subtitle: Station.t("booth-work-count", {
        count: page.model.rows.length
    })

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
            title: modelData.receipt
            detail: modelData.at
            badge: Station.t("booth-work-captured-by", {
                officer: modelData.captured_by
            })
            action: "open"
            value: modelData.case_id
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
            visible: page.model.can_store
            text: Station.t("booth-store-finished")
            action: "store"
        },
        SecondaryButton {
            text: Station.t("booth-refresh")
            action: "again"
        }
    ]
}
