import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("tag-language-title")
    subtitle: Station.t("tag-language-subtitle")
    pictogram: "language"

    ChoiceRow {
        columns: 1
        options: page.model.options
        onChosen: value => Station.act("language", value)
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        }
    ]
}
