import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title_key)
    subtitle: Station.t(page.model.why_key, {
        day: page.model.day,
        office: page.model.office,
        kiosk: page.model.kiosk
    })
    pictogram: page.model.pictogram

    Banner {
        kind: "warn"
        text: page.model.stays ? Station.t("collection-end-document-stays") : ""
    }
    StaffTold {
        told: page.model.staff_told ?? false
    }
    Banner {
        kind: "info"
        pictogram: "printer"
        text: page.model.slip ? Station.t("collection-end-slip") : ""
    }
    BigNumber {
        visible: page.model.tag !== ""
        detail: Station.t("common-counter-tag")
        text: page.model.tag
    }
    Banner {
        kind: "good"
        text: page.model.counter && !(page.model.stays && Theme.aside) ? Station.t("common-counter-nothing-lost") : ""
    }
    Guide {
        // Beside the head there is room for the number or for a picture.
        visible: page.model.picture !== "" && !(Theme.aside && page.model.tag !== "")
        picture: page.model.picture
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
