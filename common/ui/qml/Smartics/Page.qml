import QtQuick
import QtQuick.Layouts

// The root of a public screen: band with the title, content, footer with the next step.
FocusScope {
    id: root

    property string title
    property string subtitle
    property string pictogram
    // A step that must not be missed, such as taking the card: seen from afar by its band and frame.
    property bool calls: false
    property int step: 0
    property int steps: 0
    default property alias content: column.data
    property alias footer: buttons.data

    readonly property var first: column.visibleChildren.length > 0 ? column.visibleChildren[0] : null
    readonly property bool overlaps: !Theme.aside && first !== null && first["raised"] === true
    readonly property real reach: overlaps ? 100 * Theme.unit : 0
    readonly property real start: Theme.aside ? Theme.asideWidth : 0
    // In low mode each line counts: the letters' pad just fits.
    readonly property real footGap: Theme.low ? Theme.xs : Theme.s
    readonly property real footTop: buttons.visibleChildren.length > 0 ? buttons.y - footGap : height - (Theme.aside ? Theme.l : Theme.barBottom)
    readonly property real headFoot: headScroll.height + Theme.barTop + Theme.m + Theme.l + Theme.s
    readonly property real contentTop: {
        if (Theme.aside)
            return Theme.barTop;
        return column.firstTouched < 0 ? headFoot : Math.max(headFoot, Theme.lowTop - column.y - column.before);
    }
    // Beside the content the head ends above the aids; above it, it leaves the content its part.
    readonly property real headRoom: {
        if (Theme.aside)
            return height - Theme.asideFoot - Theme.barTop - Theme.l;
        const foot = Theme.low ? Theme.lowTop - Theme.l - Theme.s : Math.max(0.36 * height, 0.62 * footTop);
        return foot - Theme.barTop - Theme.m;
    }

    focus: true
    Accessible.role: Accessible.Pane
    Accessible.name: title

    Rectangle {
        anchors.fill: parent
        color: Theme.ground
    }
    Band {
        id: band
        anchors.left: parent.left
        calls: root.calls
        width: Theme.aside ? Theme.asideWidth : parent.width
        height: Theme.aside ? parent.height : root.contentTop + root.reach
    }
    Scroll {
        id: headScroll
        anchors.left: parent.left
        y: Theme.barTop + (Theme.aside ? Theme.l : Theme.m) + (Theme.aside ? 0 : (root.contentTop - root.headFoot) / 2)
        width: band.width
        height: Math.min(head.implicitHeight, root.headRoom)
        contentHeight: head.implicitHeight
        dark: true
        further: Station.t("common-read-on")

        Head {
            id: head
            x: Theme.edge
            width: band.width - 2 * Theme.edge
            title: root.title
            subtitle: root.subtitle
            pictogram: root.pictogram
            calls: root.calls
            step: root.step
            steps: root.steps
        }
    }
    Scroll {
        id: scroll
        anchors.left: parent.left
        anchors.leftMargin: root.start
        y: root.contentTop
        width: root.width - root.start
        height: root.footTop - y
        stepHeight: root.footTop - Math.max(y, Theme.lowTop)
        contentHeight: column.height + column.y + Theme.s

        Stack {
            id: column
            x: Theme.edge
            y: root.overlaps ? 0 : Theme.m
            width: scroll.width - 2 * x
            room: scroll.height - y - Theme.s
            lowTop: Theme.lowTop - scroll.y - y
        }
    }
    GridLayout {
        id: buttons
        readonly property int count: visibleChildren.length
        readonly property int fit: {
            for (const part of visibleChildren) {
                if (part.implicitWidth > (width - columnSpacing) / 2)
                    return 1;
            }
            return 2;
        }
        anchors.left: parent.left
        anchors.leftMargin: root.start + Theme.edge
        y: root.height - height - (Theme.aside ? Theme.l : Theme.barBottom + root.footGap)
        width: root.width - root.start - 2 * Theme.edge
        columns: Math.max(1, Math.min(2, count, fit))
        columnSpacing: Theme.m
        rowSpacing: Theme.s
        uniformCellWidths: true
    }
}
