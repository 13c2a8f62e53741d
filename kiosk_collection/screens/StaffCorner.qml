import QtQuick
import Smartics

// The staff's way in: there for who knows it, too faint to tempt a visitor.
Touchable {
    id: root

    name: Station.t("collection-staff-enter")
    action: "staff"
    width: Theme.target
    height: Theme.target
    radius: width / 2

    Pictogram {
        anchors.centerIn: parent
        name: "lock"
        size: 40 * Theme.unit
        colour: root.down ? Theme.brand : Theme.line
    }
}
