import QtQuick

// The place of a page's content. What does not fit is reached by dragging or by a button that
// says so; the edge fades where something is hidden.
Item {
    id: root

    default property alias content: flick.flickableData
    property real contentHeight: 0
    property color ground: Theme.ground
    readonly property bool moves: flick.interactive

    Flickable {
        id: flick
        anchors.fill: parent
        contentWidth: width
        contentHeight: root.contentHeight
        interactive: contentHeight > height + 1
        clip: interactive
        boundsBehavior: Flickable.StopAtBounds

        Behavior on contentY {
            enabled: !Station.still && !flick.moving

            NumberAnimation {
                duration: 1.5 * Theme.pace
                easing.type: Easing.OutCubic
            }
        }
    }
    Rectangle {
        visible: flick.interactive && !flick.atYEnd
        anchors.bottom: parent.bottom
        width: parent.width
        height: 72 * Theme.unit
        gradient: Gradient {
            GradientStop {
                position: 0
                color: Qt.alpha(root.ground, 0)
            }
            GradientStop {
                position: 1
                color: root.ground
            }
        }
    }
    Rectangle {
        visible: flick.interactive
        anchors.right: parent.right
        anchors.rightMargin: Theme.xs
        y: flick.visibleArea.yPosition * root.height
        width: Math.max(6, 12 * Theme.unit)
        height: flick.visibleArea.heightRatio * root.height
        radius: width / 2
        color: Theme.line
    }
    Touchable {
        id: more
        visible: flick.interactive
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.rightMargin: Theme.m
        anchors.bottomMargin: Theme.xs
        width: Theme.target
        height: Theme.target
        radius: width / 2
        name: flick.atYEnd ? Station.t("common-scroll-up") : Station.t("common-scroll-down")
        onClicked: {
            const most = flick.contentHeight - flick.height;
            flick.contentY = flick.atYEnd ? 0 : Math.min(most, flick.contentY + 0.8 * flick.height);
        }

        Surface {
            anchors.fill: parent
            radius: more.radius
            colour: more.down ? Theme.brandPress : Theme.brand
            edge: Theme.overBrand
            edgeWidth: Theme.line1
        }
        Pictogram {
            anchors.centerIn: parent
            name: flick.atYEnd ? "up" : "down"
            size: 0.6 * parent.width
            colour: Theme.overBrand
        }
    }
}
