import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model
    property string language: model.languages.includes(Station.language) ? Station.language : model.languages[0]

    title: Station.t("registration-mobile-title")
    subtitle: Station.t("registration-mobile-subtitle")
    pictogram: "phone"
    step: 4
    steps: 5

    Component.onCompleted: pad.value = model.mobile

    EntryField {
        label: Station.t("registration-mobile-number")
        hint: Station.t("registration-mobile-hint")
        value: pad.value
        error: Station.error ? Station.t("registration-mobile-wrong") : ""
    }
    ChoiceRow {
        label: Station.t("registration-mobile-language")
        options: page.model.languages.map(code => ({
                    value: code,
                    text: Station.t("registration-mobile-" + code)
                }))
        value: page.language
        onChosen: value => page.language = value
    }
    Item {
        Layout.fillHeight: true
    }
    NumberPad {
        id: pad
        maximum: 15
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-mobile-skip")
            action: "skip"
            value: page.language
        },
        PrimaryButton {
            text: Station.t("registration-mobile-send")
            action: "send"
            value: JSON.stringify({
                mobile: pad.value,
                language: page.language
            })
            enabled: pad.value.length >= 8
        }
    ]
}
