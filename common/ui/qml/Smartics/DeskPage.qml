import QtQuick
import QtQuick.Layouts

// The root of an officer's screen: content, a side column and a footer.
FocusScope {
    id: root

    property string title
    property string subtitle
    default property alias content: column.data
    property alias side: aside.data
    property alias footer: buttons.data

    readonly property real foot: buttons.visibleChildren.length > 0 ? buttons.height + 2 * Theme.m : Theme.m
    readonly property bool hasSide: aside.visibleChildren.length > 0
    readonly property real sideWidth: hasSide ? Math.round(width * 0.3) : 0

    focus: true
    Accessible.role: Accessible.Pane
    Accessible.name: title

    Rectangle {
        anchors.fill: parent
        color: Theme.ground
    }
    Band {
        width: parent.width
        height: head.y + head.height + Theme.m
    }
    ColumnLayout {
        id: head
        x: Theme.edge
        y: Theme.barTop + Theme.s
        width: root.width - 2 * x
        spacing: Theme.xs

        Words {
            text: root.title
            font.pixelSize: Theme.title
            font.weight: Font.Bold
            lineHeight: 1
            color: Theme.overBand
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }
        Words {
            visible: text !== ""
            text: root.subtitle
            color: Theme.overBandQuiet
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
    }
    CallBar {
        id: calls
        x: Theme.edge
        y: head.y + head.height + Theme.m + Theme.s
        width: root.width - 2 * x
        height: implicitHeight
    }
    Scroll {
        id: scroll
        y: calls.visible ? calls.y + calls.height : head.y + head.height + Theme.m
        width: root.width - (root.hasSide ? root.sideWidth + Theme.edge : 0)
        height: root.height - root.foot - y
        contentHeight: column.height + column.y + Theme.xs

        Stack {
            id: column
            x: Theme.edge
            y: Theme.s
            width: scroll.width - 2 * x
            room: scroll.height - y - Theme.xs
            spacing: Theme.s
        }
    }
    Surface {
        visible: root.hasSide
        x: root.width - root.sideWidth - Theme.edge
        y: scroll.y + Theme.s
        width: root.sideWidth
        height: scroll.height - Theme.s - Theme.xs

        Scroll {
            id: sideScroll
            anchors.fill: parent
            anchors.margins: Theme.m
            ground: Theme.surface
            contentHeight: aside.height

            Stack {
                id: aside
                width: sideScroll.width
                room: sideScroll.height
                spacing: Theme.s
            }
        }
    }
    RowLayout {
        id: buttons
        x: Math.max(Theme.edge, root.width - implicitWidth - Theme.edge)
        y: root.height - height - Theme.m
        width: Math.min(implicitWidth, root.width - 2 * Theme.edge)
        spacing: Theme.s
    }
}
