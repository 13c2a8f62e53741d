pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// Which finger is given at this desk.
DeskPage {
    id: page

    required property var model

    title: Station.t("booth-take-fingers-title")
    subtitle: Station.t("booth-take-fingers-detail")

    NoteBanner {
        model: page.model
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
                badge: modelData.quality < 0 ? "" : Station.t("booth-finger-quality", {
                    quality: modelData.quality
                })
                action: "finger"
                value: modelData.position
            }
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        }
    ]
}
