import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model
    // Larger letters need the room, and say it themselves.
    readonly property bool beside: Station.scale < 1.2
    // A lying display is low: what is to be taken is said beside the number, not below it.
    readonly property bool aside: Theme.aside && beside && calls
    readonly property real share: (aside ? 560 : 380) * Theme.unit

    title: Station.t(page.model.title, page.model.next_values)
    subtitle: (page.model.reason === "" ? "" : Station.t(page.model.reason) + (Station.language.startsWith("zh") ? "" : " ")) + Station.t(page.model.next, page.model.next_values)
    calls: page.model.slip === "printed"
    pictogram: page.model.at_reception ? "counter" : "tag"

    GridLayout {
        readonly property bool raised: true

        Layout.fillHeight: false
        columns: 2
        columnSpacing: Theme.m
        rowSpacing: Theme.s

        BigNumber {
            Layout.fillHeight: true
            Layout.rowSpan: page.aside ? 2 : 1
            text: page.model.number
            detail: Station.t("tag-issued-number")
        }
        Guide {
            visible: page.calls && page.beside
            picture: "ticket"
            calls: true
            Layout.fillHeight: false
            Layout.minimumHeight: 200 * Theme.unit
            Layout.preferredWidth: page.share
            Layout.maximumWidth: page.share
            implicitHeight: (page.aside ? 200 : 330) * Theme.unit
        }
        Banner {
            visible: page.aside
            kind: "good"
            pictogram: "printer"
            text: Station.t("tag-issued-printed")
            Layout.preferredWidth: page.share
            Layout.maximumWidth: page.share
        }
        Photo {
            visible: page.model.code !== "" && page.beside
            source: page.model.code
            label: Station.t("tag-issued-code")
            Layout.fillHeight: false
            Layout.preferredWidth: page.share
            Layout.maximumWidth: page.share
            implicitHeight: (Theme.aside ? 340 : 400) * Theme.unit
        }
    }
    Banner {
        visible: !page.aside
        kind: page.model.slip === "missing" ? "warn" : page.model.slip === "printed" ? "good" : "info"
        pictogram: "printer"
        text: Station.t(page.model.slip === "missing" ? "tag-issued-no-slip" : "tag-issued-" + page.model.slip)
    }
    Photo {
        visible: page.model.code !== "" && !page.beside
        source: page.model.code
        label: Station.t("tag-issued-code")
    }
    Banner {
        kind: "info"
        pictogram: "clock"
        text: page.model.coming.key ? Station.t(page.model.coming.key, page.model.coming.values) : ""
    }
    Banner {
        kind: "info"
        pictogram: "clock"
        // Who waits for nothing is told of no wait; without a slip the code needs the room.
        visible: text !== "" && page.model.waits && (page.model.code === "" || page.beside)
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
