import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-submitted-title")
    subtitle: Station.t(page.model.note_key === "" ? "booth-submitted-printed" : "booth-submitted-not-printed")

    NoteBanner {
        model: page.model
    }
    BigNumber {
        text: page.model.receipt
        detail: Station.t("booth-submitted-receipt")
    }
    FactRow {
        label: Station.t("booth-submitted-ready")
        value: page.model.ready_on
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("booth-print-again")
            action: "again"
        },
        PrimaryButton {
            text: Station.t("booth-next-person")
            action: "next"
        }
    ]
}
