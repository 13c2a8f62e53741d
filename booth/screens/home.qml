pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-home-title")
    subtitle: page.model.officer

    Banner {
        kind: "warn"
        text: page.model.duties.length === 0 ? Station.t("booth-home-no-duty") : ""
    }
    GridLayout {
        columns: Station.scale > 1.2 ? 1 : 2
        columnSpacing: Theme.m
        rowSpacing: Theme.m
        uniformCellWidths: true

        Repeater {
            model: page.model.duties

            ChoiceCard {
                required property var modelData
                title: Station.t(modelData.title_key)
                detail: Station.t(modelData.detail_key)
                pictogram: modelData.pictogram
                action: "duty"
                value: modelData.duty
            }
        }
    }
    Item {
        Layout.fillHeight: true
    }

    side: [
        Banner {
            kind: page.model.online ? "good" : "warn"
            text: Station.t(page.model.online ? "booth-line-online" : "booth-line-offline")
        },
        FactRow {
            label: Station.t("booth-line-waiting")
            value: String(page.model.waiting)
        },
        Banner {
            kind: "error"
            text: page.model.refused > 0 ? Station.t("booth-line-refused", {
                count: page.model.refused
            }) : ""
        },
        Item {
            Layout.fillHeight: true
        }
    ]
    footer: [
        SecondaryButton {
            text: Station.t("booth-lock")
            action: "lock"
        },
        SecondaryButton {
            text: Station.t("booth-sign-out")
            action: "sign_out"
        }
    ]
}
