import QtQuick

// Sounds a tone until the screen is left, and says so beside it for whoever does not hear it.
Banner {
    id: root

    kind: "info"
    pictogram: "ear"
    text: Station.t("common-tone")

    Timer {
        interval: 2500
        repeat: true
        running: root.visible && Station.bridge !== null
        triggeredOnStart: true
        onTriggered: Station.bridge.sound_tone()
    }
}
