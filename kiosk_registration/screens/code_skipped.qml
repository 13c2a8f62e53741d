import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-skipped-title")
    subtitle: Station.t("registration-skipped-" + page.model.why)
    pictogram: "phone"
    step: 4
    steps: 5

    Banner {
        kind: "info"
        text: Station.t("registration-skipped-goes-on")
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-next")
            action: "next"
        }
    ]
}
