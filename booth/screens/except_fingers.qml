pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// Which fingers are not given: choose why, then touch the fingers.
DeskPage {
    id: page

    required property var model

    title: Station.t("booth-except-fingers-title")
    subtitle: Station.t("booth-except-fingers-detail")

    NoteBanner {
        model: page.model
    }
    ChoiceRow {
        label: Station.t("booth-except-fingers-why")
        options: page.model.whys.map(why => ({
                    value: why.value,
                    text: Station.t(why.text_key)
                }))
        value: page.model.why
        onChosen: value => Station.act("why", value)
    }
    GridLayout {
        Layout.fillWidth: true
        columns: Station.scale > 1.2 ? 1 : 2
        columnSpacing: Theme.s
        rowSpacing: Theme.xs
        uniformCellWidths: true
        flow: Station.scale > 1.2 ? GridLayout.LeftToRight : GridLayout.TopToBottom
        rows: 5

        Repeater {
            model: page.model.fingers

            WorkRow {
                required property var modelData
                title: Station.t(modelData.finger_key)
                badge: modelData.state_key === "" ? "" : Station.t(modelData.state_key)
                action: "mark"
                value: modelData.position
            }
        }
    }
    TextEntry {
        id: why
        label: Station.t("booth-excuse-fingers-reason")
        hint: Station.t("booth-reason-hint")
        error: Station.error ? Station.t("booth-reason-missing") : ""
        value: page.model.reason
    }
    TextEntry {
        id: parent_
        label: Station.t("booth-except-fingers-parent")
        hint: Station.t("booth-except-fingers-parent-hint")
        value: page.model.parent
    }

    side: [
        Note {
            visible: page.model.photographs.length === 0
            text: Station.t("booth-except-fingers-no-photograph")
        },
        Repeater {
            model: page.model.photographs

            ColumnLayout {
                id: one
                required property var modelData
                Layout.fillWidth: true
                spacing: Theme.xs

                Photo {
                    visible: one.modelData.picture !== ""
                    Layout.preferredHeight: 300 * Theme.unit
                    source: one.modelData.picture
                    label: Station.t(one.modelData.text_key)
                }
                ActButton {
                    strong: one.modelData.picture === ""
                    text: Station.t(one.modelData.take_key)
                    pictogram: "camera"
                    action: "hand"
                    value: one.modelData.hand
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
            text: Station.t("booth-except-thumbs")
            action: "thumbs"
        },
        PrimaryButton {
            text: Station.t("booth-excuse-fingers-confirm")
            action: "confirm"
            value: JSON.stringify({
                reason: why.value,
                parent: parent_.value
            })
        }
    ]
}
