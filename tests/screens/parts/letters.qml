import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("common-counter-title")

    EntryField {
        label: Station.t("common-counter-tag")
        value: pad.value
    }
    ChoiceRow {
        id: row
        label: Station.t("common-confirm")
        options: [
            {
                value: "yes",
                text: Station.t("common-yes")
            },
            {
                value: "no",
                text: Station.t("common-no")
            }
        ]
    }
    LetterPad {
        id: pad
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-next")
            action: "next"
            value: pad.value + "/" + row.value
        }
    ]
}
