import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-again-" + page.model.position)
    // With large letters the advice takes its place, so that the hand is seen as well.
    subtitle: Station.scale > 1.6 && page.model.advice !== "" ? "" : Station.t("registration-again-subtitle")
    pictogram: "finger"
    step: 3
    steps: 5

    QualityAdvice {
        cause: page.model.advice
        kind: page.model.advice === "" ? "good" : "warn"
        otherwise: page.model.advice === "" ? "check" : "warning"
        text: page.model.advice === "" ? Station.t("registration-again-why") : Station.t("registration-advice-" + page.model.advice)
    }
    HandPicture {
        position: page.model.position
        text: Station.t("registration-again-" + page.model.position)
    }
    Note {
        visible: text !== "" && !(Station.scale > 1.6 && page.model.advice !== "")
        text: Station.t("registration-again-number", {
            number: page.model.number,
            captures: page.model.captures
        })
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
