import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title_key)
    subtitle: Station.t("staff-confirm-subtitle")
    pictogram: "warning"

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t(page.model.act_key)
            action: "yes"
        }
    ]
}
