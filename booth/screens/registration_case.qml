pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-case-title", {
        tag: page.model.tag
    })
    subtitle: page.model.number

    Banner {
        kind: "warn"
        text: page.model.hand_off_key === "" ? "" : Station.t("booth-case-handed-off", {
            reason: Station.t(page.model.hand_off_key)
        })
    }
    NoteBanner {
        model: page.model
    }
    Banner {
        kind: "info"
        text: page.model.lateness_key === "" ? "" : Station.t(page.model.lateness_key)
    }
    Banner {
        kind: "warn"
        text: page.model.twin ? Station.t("booth-twin-flagged") : ""
    }
    GridLayout {
        Layout.fillWidth: true
        columns: Station.scale > 1.2 ? 1 : 2
        columnSpacing: Theme.s
        rowSpacing: Theme.xs
        uniformCellWidths: true

        Repeater {
            model: page.model.form

            WorkRow {
                required property var modelData
                title: Station.t(modelData.label_key)
                detail: modelData.value_key === "" ? modelData.value : Station.t(modelData.value_key)
                badge: modelData.missing ? Station.t("booth-case-missing") : ""
                action: "correct"
                value: modelData.field
            }
        }
    }
    Item {
        Layout.fillHeight: true
    }

    side: [
        TriedList {
            model: page.model
        },
        DoneList {
            marks: page.model.done
        },
        Photo {
            visible: page.model.portrait !== ""
            source: page.model.portrait
            label: Station.t(page.model.needs_approval ? "booth-kiosk-photograph" : "booth-portrait")
        },
        Photo {
            visible: page.model.signature !== ""
            source: page.model.signature
            label: Station.t("booth-done-signed")
        },
        Item {
            Layout.fillHeight: true
        }
    ]
    footer: [
        QuietButton {
            text: Station.t("booth-set-aside")
            action: "set_aside"
        },
        ActButton {
            visible: page.model.needs_identity
            text: Station.t("booth-identify")
            action: "identify"
            strong: page.model.next === "identify"
        },
        QuietButton {
            text: Station.t(page.model.twin ? "booth-no-twin" : "booth-twin")
            action: "twin"
        },
        ActButton {
            visible: page.model.needs_fingers
            text: Station.t("booth-take-fingers")
            action: "take_fingers"
            strong: page.model.next === "fingers"
        },
        ActButton {
            visible: page.model.needs_fingers || page.model.excepted.length > 0
            text: Station.t("booth-excuse-fingers")
            action: "excuse_fingers"
        },
        ActButton {
            visible: page.model.needs_second
            text: Station.t("booth-second-officer")
            action: "second_officer"
            strong: page.model.next === "second_officer"
        },
        ActButton {
            visible: page.model.needs_approval
            text: Station.t("booth-approve-photograph")
            action: "approve_photograph"
            strong: page.model.next === "photograph"
        },
        ActButton {
            text: Station.t("booth-photograph")
            action: "photograph"
            strong: page.model.next === "photograph" && !page.model.needs_approval
        },
        ActButton {
            text: Station.t("booth-preview")
            action: "preview"
            strong: page.model.next === ""
            enabled: page.model.next === ""
        }
    ]
}
