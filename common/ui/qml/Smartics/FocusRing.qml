import QtQuick

// Shows which part has the keyboard: light and dark, so that it stands out on every ground.
Rectangle {
    property real around: Theme.cardRadius
    property real gap: 5 * Theme.unit

    anchors.fill: parent
    anchors.margins: -gap - outer.border.width
    radius: around + gap + outer.border.width
    color: "transparent"
    border.width: Math.max(3, Math.round(5 * Theme.unit))
    border.color: Theme.focus

    Rectangle {
        id: outer
        anchors.fill: parent
        anchors.margins: -border.width
        radius: parent.radius + border.width
        color: "transparent"
        border.width: Math.max(2, Math.round(3 * Theme.unit))
        border.color: Theme.focusDark
    }
}
