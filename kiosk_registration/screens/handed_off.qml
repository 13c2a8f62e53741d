import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-handoff-title")
    subtitle: Station.t("registration-handoff-wait")
    pictogram: "person"

    BigNumber {
        text: page.model.number
        detail: Station.t("common-counter-tag")
    }
    Banner {
        kind: "info"
        text: Station.t("registration-handoff-" + page.model.reason)
    }
    StaffTold {
        told: page.model.staff_told ?? false
    }
    Guide {
        visible: !Theme.aside && Station.scale < 1.6
        picture: "hand_off"
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
