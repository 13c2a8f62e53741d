import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    readonly property string finger: Station.t("common-finger-" + page.model.position)

    title: Station.t("collection-finger-title", {
        finger: page.finger
    })
    subtitle: Station.t("collection-finger-subtitle")
    step: 3
    steps: 4

    HandPicture {
        // Where text is large, what to do better is read first.
        Layout.minimumHeight: (page.model.attempt > 1 && Station.scale > 1.4 ? 200 : 320) * Theme.unit
        position: page.model.position
        text: page.finger
    }
    QualityAdvice {
        cause: page.model.advice
        kind: page.model.attempt > 1 ? "warn" : "info"
        otherwise: "finger"
        text: page.model.advice !== "" ? Station.t("collection-advice-" + page.model.advice) : Station.t(page.model.changed ? "collection-finger-changed" : page.model.attempt > 1 ? "collection-finger-again" : "collection-finger-hint")
    }
    Note {
        visible: page.model.attempt > 1
        text: Station.t("collection-attempt", {
            attempt: page.model.attempt,
            attempts: page.model.attempts
        })
    }

    footer: [
        SecondaryButton {
            visible: page.model.other
            text: Station.t("collection-other-finger")
            action: "other_finger"
        },
        QuietButton {
            text: Station.t("collection-no-fingers")
            action: "no_fingers"
        }
    ]
}
