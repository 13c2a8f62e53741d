import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.reprinted ? "tag-issued-again-title" : "tag-issued-title")
    subtitle: Station.t(page.model.next)
    pictogram: "tag"

    BigNumber {
        text: page.model.number
        detail: Station.t("tag-issued-number")
    }
    Banner {
        kind: page.model.slip === "missing" ? "warn" : page.model.slip === "printed" ? "good" : "info"
        pictogram: "printer"
        text: Station.t(page.model.slip === "missing" ? "tag-issued-no-slip" : "tag-issued-" + page.model.slip)
    }
    Photo {
        visible: page.model.code !== ""
        source: page.model.code
        label: Station.t("tag-issued-code")
    }
    Banner {
        kind: "info"
        pictogram: "clock"
        text: page.model.unsent ? Station.t("papers-slip-unsent") : page.model.high > 0 ? Station.t("papers-wait", {
            low: page.model.low,
            high: page.model.high
        }) : Station.t("papers-wait-unknown")
    }
    Item {
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
