import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title)
    subtitle: (page.model.reason === "" ? "" : Station.t(page.model.reason) + (Station.language.startsWith("zh") ? "" : " ")) + Station.t(page.model.next, page.model.next_values)
    calls: page.model.slip === "printed"
    pictogram: page.model.reason === "" ? "tag" : "counter"

    GridLayout {
        readonly property bool raised: true

        Layout.fillHeight: false
        columns: 2
        columnSpacing: Theme.m

        BigNumber {
            text: page.model.number
            detail: Station.t("tag-issued-number")
        }
        Guide {
            // Larger letters need the room, and say it themselves.
            visible: page.calls && Station.scale < 1.2
            picture: "ticket"
            calls: true
            Layout.fillHeight: false
            Layout.minimumHeight: 200 * Theme.unit
            Layout.preferredWidth: 380 * Theme.unit
            Layout.maximumWidth: 380 * Theme.unit
            implicitHeight: 330 * Theme.unit
        }
    }
    Banner {
        kind: page.model.slip === "missing" ? "warn" : page.model.slip === "printed" ? "good" : "info"
        pictogram: "printer"
        text: Station.t(page.model.slip === "missing" ? "tag-issued-no-slip" : "tag-issued-" + page.model.slip)
    }
    Banner {
        kind: "info"
        pictogram: "clock"
        text: page.model.coming.key ? Station.t(page.model.coming.key, page.model.coming.values) : ""
    }
    Photo {
        visible: page.model.code !== ""
        source: page.model.code
        label: Station.t("tag-issued-code")
    }
    Banner {
        kind: "info"
        pictogram: "clock"
        // Who waits for nothing is told of no wait; without a slip the code needs the room.
        visible: text !== "" && page.model.waits && page.model.code === ""
        text: page.model.unsent ? Station.t("papers-slip-unsent") : page.model.high > 0 ? Station.t("papers-wait", {
            low: page.model.low,
            high: page.model.high
        }) : Station.t("papers-wait-unknown")
    }
    Banner {
        kind: page.model.told === "tag-issued-told" ? "good" : "warn"
        text: page.model.told === "" ? "" : Station.t(page.model.told)
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            visible: page.model.may_say_more
            text: Station.t("tag-issued-more")
            action: "more"
        },
        PrimaryButton {
            visible: page.model.slip !== "printing"
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
