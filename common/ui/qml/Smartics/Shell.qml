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
        // Loader keeps what a screen began with for ever (Qt 6.12), so nothing may be left in it.
        const first = {
            model: Station.model
        };
        loader.setSource(Station.source, first);
        first.model = null;
    }

    color: Theme.bandTop

    Item {
        id: canvas
        anchors.centerIn: parent
        width: Station.width
        height: Station.height
        scale: Math.min(root.width / width, root.height / height)
        LayoutMirroring.enabled: Station.mirrored
        LayoutMirroring.childrenInherit: true
        clip: scale !== 1

        FocusScope {
            anchors.fill: parent
            anchors.bottomMargin: captions.visible ? captions.height : 0
            enabled: !question.visible && !others.visible
            focus: enabled

            // First of all, so that Tab goes from the top down.
            TopBar {
                z: 1
                width: parent.width
            }
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
            StaffCorner {
                z: 2
                visible: Station.canEnterStaff
                x: Theme.edge
                y: (Theme.barTop - height) / 2
            }
            FootBar {
                visible: Station.open
                anchors.left: parent.left
                anchors.leftMargin: Theme.edge
                width: (Theme.aside ? Theme.asideWidth : parent.width) - 2 * Theme.edge
                y: parent.height - (Theme.aside ? height + Theme.l : Theme.barBottom - Theme.s)
            }
        }
        LanguageList {
            id: others
            anchors.fill: parent
            enabled: !question.visible
        }
        MoreTime {
            id: question
            anchors.fill: parent
        }
        CaptionBar {
            id: captions
            visible: Station.captions
            anchors.bottom: parent.bottom
            width: parent.width
            height: implicitHeight
        }
    }
}
