import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("tag-reception-title")
    subtitle: Station.t(page.model.reason_key)
    pictogram: "counter"

    StaffTold {
        told: page.model.staff_told ?? false
    }
    Guide {
        picture: "hand_off"
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
