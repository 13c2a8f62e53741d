import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("bench-notice-title-" + page.model.reason)
    subtitle: Station.t("bench-notice-" + page.model.reason)
    pictogram: "info"

    StaffTold {
        told: page.model.staff_told ?? false
        key: "common-staff-told"
    }
    Guide {
        picture: page.model.picture
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
