import QtQuick

// What surrounds every screen. It is drawn at the station's size and fits itself into the window.
Rectangle {
    id: root

    readonly property var screen: loader.item
    property alias broken: loader.broken

    // Puts the screen that Station names in the place of the one before.
    function present() {
        if (Station.keeps && root.screen && String(loader.source) === Station.source) {
            root.screen.model = Station.model;
            return;
        }
        loader.sourceComponent = undefined;
        loader.setSource(Station.source, {
            model: Station.model
        });
    }

    color: Theme.bandTop

    Item {
        id: canvas
        anchors.centerIn: parent
        width: Station.width
        height: Station.height
        scale: Math.min(root.width / width, root.height / height)
        clip: scale !== 1

        FocusScope {
            anchors.fill: parent
            enabled: !question.visible
            focus: !question.visible

            Loader {
                id: loader
                property bool broken: status === Loader.Error
                anchors.fill: parent
                focus: true
                onLoaded: {
                    if (!Station.still)
                        arrive.restart();
                }

                NumberAnimation on opacity {
                    id: arrive
                    running: false
                    from: 0.2
                    to: 1
                    duration: Theme.pace
                }
            }
            TopBar {
                width: parent.width
            }
            StaffCorner {
                visible: Station.canEnterStaff
                x: Theme.edge
                y: (Theme.barTop - height) / 2
            }
            FootBar {
                visible: Station.open
                x: Theme.edge
                width: (Theme.aside ? Theme.asideWidth : parent.width) - 2 * x
                y: parent.height - height - (Theme.aside ? Theme.l : Theme.s)
            }
        }
        MoreTime {
            id: question
            anchors.fill: parent
        }
    }
}
