import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model
    readonly property string when: page.model.slot.slot ? Station.said(page.model.slot.slot) : ""

    title: Station.t(page.model.title)
    subtitle: Station.t(page.model.subtitle)
    pictogram: "clock"
    calls: page.model.slip === "printed"

    Card {
        visible: page.model.times.length > 0

        Repeater {
            model: page.model.times

            Heading {
                required property var modelData
                text: Station.said(modelData)
            }
        }
    }
    Card {
        visible: page.when !== "" || page.model.enquiry_code !== ""
        FactRow {
            visible: page.when !== ""
            label: Station.t("tag-booked-time")
            value: page.when
        }
        FactRow {
            visible: page.model.enquiry_code !== ""
            label: Station.t("tag-booked-code")
            value: page.model.enquiry_code
        }
    }
    Banner {
        kind: page.model.slip === "missing" ? "warn" : page.model.slip === "printed" ? "good" : "info"
        pictogram: "printer"
        text: Station.t("tag-booked-" + page.model.slip)
    }
    Photo {
        visible: page.model.code !== ""
        source: page.model.code
        label: Station.t("tag-booked-letter")
    }
    Guide {
        visible: page.calls
        picture: "ticket"
        calls: true
    }
    Item {
        visible: !page.calls
        Layout.fillHeight: true
    }

    footer: [
        PrimaryButton {
            visible: page.model.slip !== "printing"
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
