import QtQuick
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t(model.title_key)

    Busy {
        text: Station.t(page.model.text_key)
        pictogram: page.model.pictogram
    }

    footer: SecondaryButton {
        visible: page.model.can_go_back
        text: Station.t("common-back")
        action: "back"
    }
}
