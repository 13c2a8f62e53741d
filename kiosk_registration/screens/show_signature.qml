import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("registration-signed-title")
    subtitle: Station.t("registration-signed-subtitle")
    pictogram: "form"
    step: 4
    steps: 5

    Card {
        Image {
            Layout.fillWidth: true
            Layout.preferredHeight: (Station.scale < 1.3 ? 520 : Station.scale < 1.6 ? 260 : Theme.aside ? 160 : 300) * Theme.unit
            fillMode: Image.PreserveAspectFit
            source: page.model.picture
            Accessible.role: Accessible.Graphic
            Accessible.name: Station.t("registration-signed-picture")
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("registration-sign-booth")
            action: "booth"
        },
        SecondaryButton {
            text: Station.t("registration-sign-clear")
            action: "clear"
        },
        PrimaryButton {
            Layout.columnSpan: (parent as GridLayout)?.columns ?? 1
            text: Station.t("registration-signed-keep")
            action: "keep"
        }
    ]
}
