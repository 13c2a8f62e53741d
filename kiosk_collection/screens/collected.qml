import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("collection-collected-title")
    subtitle: Station.t("collection-collected-subtitle")
    pictogram: "check"

    Item {
        Layout.fillWidth: true
        Layout.fillHeight: true
        Layout.minimumHeight: 180 * Theme.unit

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
    Banner {
        kind: "info"
        pictogram: "card"
        text: Station.t(page.model.kept_key)
    }
    Banner {
        kind: "info"
        pictogram: "wave"
        text: Station.t("collection-collected-sleeve")
    }
    Banner {
        kind: "info"
        pictogram: "person"
        text: Station.t("collection-collected-carry")
    }
    Note {
        text: Station.t("collection-collected-cleared")
    }

    footer: [
        PrimaryButton {
            text: Station.t("common-finish")
            action: "done"
        }
    ]
}
