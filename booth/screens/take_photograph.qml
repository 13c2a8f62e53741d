pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-photo-title")
    subtitle: Station.t("booth-photo-rules")

    NoteBanner {
        model: page.model
    }
    LiveView {}

    side: [
        Note {
            visible: page.model.shots.length === 0
            text: Station.t("booth-photo-at-least-two")
        },
        GridLayout {
            columns: 2
            columnSpacing: Theme.s
            rowSpacing: Theme.s

            Repeater {
                model: page.model.shots

                ColumnLayout {
                    id: shot
                    required property var modelData
                    required property int index
                    spacing: Theme.xs
                    Layout.alignment: Qt.AlignTop

                    Photo {
                        Layout.fillWidth: true
                        Layout.preferredHeight: 420 * Theme.unit
                        source: shot.modelData.picture
                        label: ""
                        Accessible.name: Station.t("booth-photo-number", {
                            number: shot.index + 1
                        })
                    }
                    Note {
                        text: shot.modelData.advice_keys.length === 0 ? Station.t("booth-photo-good") : shot.modelData.advice_keys.map(key => Station.t(key)).join(" ")
                        color: shot.modelData.advice_keys.length === 0 ? Theme.good : Theme.warn
                    }
                    ActButton {
                        enabled: page.model.can_choose
                        text: Station.t("booth-photo-choose", {
                            number: shot.index + 1
                        })
                        action: "choose"
                        value: shot.index
                    }
                }
            }
        },
        Item {
            Layout.fillHeight: true
        }
    ]
    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        SecondaryButton {
            visible: page.model.shots.length > 0
            text: Station.t("booth-photo-discard")
            action: "discard"
        },
        SecondaryButton {
            visible: page.model.note_key !== ""
            text: Station.t("common-try-again")
            action: "again"
        },
        PrimaryButton {
            text: Station.t(page.model.busy ? "booth-photo-taking" : "booth-photo-take")
            pictogram: "camera"
            action: "take"
            enabled: page.model.can_take
        }
    ]
}
