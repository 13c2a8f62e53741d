import QtQuick

// Says that staff were told, and nothing where nobody heard it: for a screen that leads to them.
Banner {
    property bool told: false
    property string key: "common-staff-told-wait"

    kind: "good"
    text: told ? Station.t(key) : ""
}
