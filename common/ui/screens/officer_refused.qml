import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("staff-refused-title")
    pictogram: "lock"

    Banner {
        kind: "error"
        text: Station.t(page.model.why_key)
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "leave"
        }
    ]
}
