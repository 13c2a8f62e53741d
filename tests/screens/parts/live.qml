import Smartics

Page {
    required property var model

    title: Station.t("common-please-wait")

    LiveView {
        mirrored: false
    }
}
