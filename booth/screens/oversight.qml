import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-duty-oversight")
    subtitle: Station.t("booth-duty-oversight-detail")

    NoteBanner {
        model: page.model
    }
    Banner {
        kind: "error"
        text: page.model.refused > 0 ? Station.t("booth-line-refused", {
            count: page.model.refused
        }) : ""
    }
    Card {
        FactRow {
            label: Station.t("booth-line-waiting")
            value: page.model.waiting
        }
        FactRow {
            label: Station.t("booth-oversight-submitted")
            value: page.model.submitted
        }
        FactRow {
            label: Station.t("booth-oversight-approved")
            value: page.model.approved
        }
        FactRow {
            label: Station.t("booth-oversight-stored")
            value: page.model.stored
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
        PrimaryButton {
            text: Station.t("booth-refresh")
            action: "again"
        }
    ]
}
