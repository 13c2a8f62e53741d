import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("bench-welcome-title")
    subtitle: Station.t(page.model.camera ? "bench-welcome-subtitle" : "bench-welcome-no-camera")
    pictogram: "form"

    LiveView {
        visible: page.model.camera
    }
    Guide {
        visible: !page.model.camera
        picture: "hand_off"
    }
}
