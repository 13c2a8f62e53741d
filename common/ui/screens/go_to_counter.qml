import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("common-counter-title")
    subtitle: Station.t(page.model.reason_key)
    pictogram: "counter"

    GridLayout {
        readonly property bool raised: true

        visible: page.model.tag !== "" || page.model.place !== ""
        Layout.fillHeight: false
        columns: 2
        columnSpacing: Theme.m
        rowSpacing: Theme.m

        BigNumber {
            Layout.fillHeight: true
            visible: page.model.tag !== ""
            detail: Station.t("common-counter-tag")
            text: page.model.tag
        }
        BigNumber {
            Layout.fillHeight: true
            visible: page.model.place !== ""
            detail: Station.t("common-counter-place")
            text: page.model.place
        }
    }
    Guide {
        // Beside the head there is room for the numbers or for a picture.
        visible: !(Theme.aside && (page.model.tag !== "" || page.model.place !== ""))
        picture: "hand_off"
    }
    Banner {
        kind: "good"
        text: Station.t("common-counter-nothing-lost")
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
