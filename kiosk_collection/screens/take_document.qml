import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title_key)
    subtitle: Station.t(page.model.late ? "collection-take-late" : "collection-take-subtitle")
    pictogram: page.model.pictogram
    calls: true

    Guide {
        picture: page.model.picture
        calls: true
        text: Station.t("collection-take-subtitle")
    }
    BigNumber {
        // Beside the head there is no room for it; the next screen has it.
        visible: page.model.tag !== "" && !Theme.aside
        detail: Station.t("common-counter-tag")
        text: page.model.tag
    }
    Banner {
        kind: "info"
        text: page.model.why_key === "" ? "" : Station.t(page.model.why_key, {
            day: page.model.day,
            office: page.model.office,
            kiosk: page.model.kiosk
        })
    }
    StaffTold {
        told: page.model.late && (page.model.staff_told ?? false)
        key: "common-staff-told"
    }
    Tone {}
}
