import QtQuick
import Smartics

Page {
    id: page

    required property var model
    readonly property bool large: Station.scale > 1.6

    title: Station.t("registration-face-title")
    // With large letters the live picture needs the room: advice stands below it, or the reason above.
    subtitle: page.large && page.model.seen !== "" ? "" : Station.t(page.model.scanner_lost ? "registration-face-no-scanner" : page.model.after_fingers ? "registration-face-after-fingers" : "registration-face-subtitle")
    pictogram: "face"
    step: 3
    steps: 5

    LiveView {}
    QualityAdvice {
        cause: page.model.seen
        kind: page.model.seen === "" ? "info" : "warn"
        otherwise: "face"
        text: {
            if (page.model.seen !== "")
                return Station.t("registration-face-" + page.model.seen);
            return page.large ? "" : Station.t("registration-face-hint");
        }
    }
    Note {
        text: page.model.attempt > 1 ? Station.t("registration-finger-attempt", {
            attempt: page.model.attempt,
            attempts: page.model.attempts
        }) : ""
    }
}
