import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-face-title")
    subtitle: Station.t("collection-face-subtitle")
    step: 2
    steps: 4

    LiveView {
        // Where text is large, what to do better is read first.
        Layout.minimumHeight: (page.model.seen !== "" && Station.scale > 1.4 ? 150 : 240) * Theme.unit
    }
    QualityAdvice {
        cause: page.model.seen
        kind: page.model.seen === "" ? "info" : "warn"
        otherwise: "face"
        text: page.model.seen !== "" ? Station.t("collection-face-" + page.model.seen) : Station.t(page.model.gives_no_fingers ? "collection-face-then-officer" : "collection-face-hint")
    }
    Note {
        visible: page.model.attempt > 1
        text: Station.t("collection-attempt", {
            attempt: page.model.attempt,
            attempts: page.model.attempts
        })
    }

    footer: [
        QuietButton {
            visible: !page.model.activates
            text: Station.t("collection-for-another")
            action: "another"
        },
        QuietButton {
            visible: !page.model.gives_no_fingers
            text: Station.t("collection-no-fingers")
            action: "no_fingers"
        }
    ]
}
