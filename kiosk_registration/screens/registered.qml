import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-done-title")
    subtitle: Station.t("registration-done-subtitle", {
        number: page.model.number
    })
    pictogram: "check"
    calls: page.model.form === "printed"
    step: 5
    steps: 5

    Banner {
        kind: page.model.form === "none" ? "info" : "good"
        pictogram: "form"
        text: Station.t("registration-done-form-" + page.model.form)
    }
    BigNumber {
        text: page.model.number
        detail: Station.t("common-counter-tag")
    }
    Banner {
        kind: "good"
        pictogram: "camera"
        text: page.model.photographed ? Station.t("registration-done-photographed") : ""
    }
    Banner {
        kind: "info"
        text: page.model.sent ? "" : Station.t("registration-done-not-sent")
    }
    Guide {
        picture: page.model.form === "printed" ? "form_out" : "hand_off"
        visible: page.model.sent
        calls: page.calls
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
