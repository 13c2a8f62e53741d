import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("common-out-of-service-title")
    subtitle: Station.t("common-out-of-service-detail")

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
    Banner {
        kind: "info"
        text: Station.t(page.model.cause_key)
    }
    StaffTold {
        told: page.model.staff_told ?? false
        key: "common-staff-told"
    }
}
