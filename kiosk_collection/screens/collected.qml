import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-collected-title")
    subtitle: Station.t("collection-collected-subtitle")
    pictogram: "check"

    Banner {
        kind: "good"
        text: Station.t("collection-collected-cleared")
    }
    Item {
        Layout.fillWidth: true
        Layout.fillHeight: true

        Rectangle {
            anchors.centerIn: parent
            width: Math.min(parent.width, parent.height, 420 * Theme.unit)
            height: width
            radius: width / 2
            color: Theme.goodSoft

            Pictogram {
                anchors.centerIn: parent
                name: "check"
                size: parent.width * 0.55
                colour: Theme.good
            }
        }
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
