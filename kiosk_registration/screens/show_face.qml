import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-face-title")
    subtitle: Station.t(page.model.scanner_lost ? "registration-face-no-scanner" : page.model.after_fingers ? "registration-face-after-fingers" : "registration-face-subtitle")
    pictogram: "face"
    step: 3
    steps: 5

    LiveView {}
    QualityAdvice {
        cause: page.model.seen
        kind: page.model.seen === "" ? "info" : "warn"
        otherwise: "face"
        text: Station.t(page.model.seen === "" ? "registration-face-hint" : "registration-face-" + page.model.seen)
    }
    Note {
        text: page.model.attempt > 1 ? Station.t("registration-finger-attempt", {
            attempt: page.model.attempt,
            attempts: page.model.attempts
        }) : ""
    }
}
