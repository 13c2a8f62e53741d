import QtQuick
import Smartics

// The best impressions are kept; below the gate the officer says why.
DeskPage {
    id: page

    required property var model

    title: Station.t("booth-keep-finger-title", {
        finger: Station.t(page.model.finger_key)
    })
    subtitle: Station.t("booth-take-finger-qualities", {
        qualities: page.model.qualities.join(", ")
    })

    Banner {
        kind: page.model.override ? "warn" : "good"
        text: Station.t(page.model.override ? "booth-keep-finger-override" : "booth-keep-finger-good")
    }
    TextEntry {
        id: why
        visible: page.model.override
        label: Station.t("booth-keep-finger-reason")
        hint: Station.t("booth-reason-hint")
        error: Station.error ? Station.t("booth-reason-missing") : ""
    }
    HandPicture {
        position: page.model.position
        text: Station.t(page.model.finger_key)
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("booth-keep-finger-do")
            action: "keep"
            value: why.value
        }
    ]
}
