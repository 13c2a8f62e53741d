import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-finger-" + page.model.position)
    // With large letters the advice takes its place, so that the hand is seen as well.
    subtitle: Station.scale > 1.6 && page.model.advice !== "" ? "" : Station.t("registration-finger-subtitle")
    pictogram: "finger"
    step: 3
    steps: 5

    Banner {
        kind: "good"
        text: page.model.taken > 0 && page.model.attempt === 1 && !page.model.other ? Station.t("registration-finger-one-done") : ""
    }
    Banner {
        kind: "info"
        text: page.model.other && page.model.advice === "" ? Station.t("registration-finger-another") : ""
    }
    QualityAdvice {
        cause: page.model.advice
        text: page.model.advice === "" ? "" : Station.t("registration-advice-" + page.model.advice)
    }
    HandPicture {
        position: page.model.position
        text: Station.t("registration-finger-" + page.model.position)
    }
    Note {
        visible: text !== "" && !(Station.scale > 1.6 && page.model.advice !== "")
        text: page.model.attempt > 1 ? Station.t("registration-finger-attempt", {
            attempt: page.model.attempt,
            attempts: page.model.attempts
        }) : ""
    }

    footer: [
        QuietButton {
            text: Station.t("registration-no-fingers")
            action: "no_fingers"
        },
        SecondaryButton {
            text: Station.t("registration-not-this-finger")
            action: "not_this_finger"
        }
    ]
}
