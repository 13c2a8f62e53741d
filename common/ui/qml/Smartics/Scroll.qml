import QtQuick

// The place of a page's content. What does not fit is reached by dragging or by a button under it
// that says so; the edge fades where something is hidden.
Item {
    id: root

    default property alias content: flick.flickableData
    property real contentHeight: 0
    property real stepHeight: height
    property color ground: Theme.ground
    property bool dark: false
    property string further: Station.t("common-scroll-down")
    readonly property bool moves: contentHeight > height + 1
    readonly property real strip: moves ? more.height + Theme.xs : 0

    Flickable {
        id: flick
        width: parent.width
        height: parent.height - root.strip
        contentWidth: width
        contentHeight: root.contentHeight
        interactive: root.moves
        clip: interactive
        boundsBehavior: Flickable.StopAtBounds

        Behavior on contentY {
            enabled: !Station.still && !flick.moving

            NumberAnimation {
                duration: Theme.slide
                easing.type: Easing.OutCubic
            }
        }
    }
    Rectangle {
        visible: root.moves && !root.dark && !flick.atYEnd
        anchors.bottom: flick.bottom
        width: parent.width
        height: 56 * Theme.unit
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
        visible: root.moves
        anchors.right: parent.right
        anchors.rightMargin: Theme.xs
        y: flick.visibleArea.yPosition * flick.height
        width: Math.max(6, 12 * Theme.unit)
        height: flick.visibleArea.heightRatio * flick.height
        radius: width / 2
        color: root.dark ? Theme.bandLine : Theme.line
    }
    Touchable {
        id: more
        visible: root.moves
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        width: Math.min(parent.width - 2 * Theme.xs, line.width + 2 * Theme.l)
        height: Theme.target
        radius: height / 2
        name: flick.atYEnd ? Station.t("common-scroll-up") : root.further
        onClicked: {
            const most = flick.contentHeight - flick.height;
            flick.contentY = flick.atYEnd ? 0 : Math.min(most, flick.contentY + Math.max(Theme.target, 0.8 * (root.stepHeight - root.strip)));
        }

        Rectangle {
            anchors.fill: parent
            radius: more.radius
            color: root.dark ? (more.down ? Theme.bandSoft : Theme.bandTop) : more.down ? Theme.press : Theme.soft
            border.width: Theme.line1
            border.color: root.dark ? Theme.bandLine : Theme.brand
        }
        Row {
            id: line
            readonly property color ink: root.dark ? Theme.overBand : Theme.brand
            anchors.centerIn: parent
            spacing: Theme.s

            Words {
                anchors.verticalCenter: parent.verticalCenter
                text: more.name
                font.pixelSize: Station.open ? 34 * Theme.unit : Theme.note
                font.weight: Font.Bold
                lineHeight: 1
                wrapMode: Text.NoWrap
                color: line.ink
            }
            Pictogram {
                anchors.verticalCenter: parent.verticalCenter
                name: flick.atYEnd ? "up" : "down"
                size: 0.5 * more.height
                colour: line.ink
            }
        }
    }
}
