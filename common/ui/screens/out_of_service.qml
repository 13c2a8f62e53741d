import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("common-out-of-service-title")
    subtitle: Station.t(page.model.staff_told && page.model.told_key ? page.model.told_key : page.model.reason_key)

    Item {
        Layout.fillWidth: true
        Layout.fillHeight: true

        Rectangle {
            anchors.centerIn: parent
            width: Math.min(parent.width, parent.height, 420 * Theme.unit)
            height: width
            radius: width / 2
            color: Theme.soft

            Pictogram {
                anchors.centerIn: parent
                name: "lock"
                size: parent.width * 0.55
            }
        }
    }
}
