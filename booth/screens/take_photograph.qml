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
            visible: page.model.shots.length < 2
            text: Station.t("booth-photo-at-least-two")
        },
        Repeater {
            model: page.model.shots

            RowLayout {
                id: shot
                required property var modelData
                required property int index
                spacing: Theme.m
                Layout.fillWidth: true

                Photo {
                    Layout.preferredWidth: 260 * Theme.unit
                    Layout.preferredHeight: 334 * Theme.unit
                    Layout.maximumHeight: 334 * Theme.unit
                    Layout.alignment: Qt.AlignTop
                    source: shot.modelData.picture
                    label: ""
                    Accessible.name: Station.t("booth-photo-number", {
                        number: shot.index + 1
                    })
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    Layout.alignment: Qt.AlignTop
                    spacing: Theme.s

                    Words {
                        Layout.fillWidth: true
                        text: Station.t("booth-photo-number", {
                            number: shot.index + 1
                        })
                        font.weight: Font.Bold
                        Accessible.role: Accessible.StaticText
                        Accessible.name: text
                    }
                    Note {
                        Layout.fillWidth: true
                        visible: shot.modelData.advice.length === 0
                        text: Station.t("booth-photo-good")
                        color: Theme.good
                    }
                    Repeater {
                        model: shot.modelData.advice

                        Advice {
                            required property var modelData
                            found: modelData
                        }
                    }
                    SecondaryButton {
                        enabled: !page.model.busy
                        text: Station.t("booth-photo-retake", {
                            number: shot.index + 1
                        })
                        action: "retake"
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
        ActButton {
            strong: !page.model.can_choose
            text: Station.t(page.model.busy ? "booth-photo-taking" : "booth-photo-take")
            pictogram: "camera"
            action: "take"
            enabled: page.model.can_take
        },
        PrimaryButton {
            visible: page.model.can_choose
            text: Station.t("booth-photo-show-choice")
            pictogram: "person"
            action: "show_choice"
        }
    ]
}
