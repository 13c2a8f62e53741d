import QtQuick
import QtQuick.Layouts

// Shows what a pad types. Touching it chooses it. A bare one leaves its label and what is wrong with it
// to the head, and shows only the end of a long text: with large letters a pad needs the room.
Touchable {
    id: root

    property string label
    property string error
    property string hint
    property bool active: true
    property bool masked: false
    property bool bare: false
    readonly property bool raised: true
    readonly property int most: 56
    readonly property string visibleValue: masked ? "\u25CF".repeat(value.length) : value
    readonly property string shownValue: bare && visibleValue.length > most ? "\u2026" + visibleValue.slice(-most) : visibleValue

    signal chosen

    value: ""
    name: label
    description: error !== "" ? visibleValue + " " + error : visibleValue
    Layout.fillWidth: true
    Layout.minimumHeight: implicitHeight
    implicitWidth: 400 * Theme.unit
    implicitHeight: column.implicitHeight + 2 * (bare ? Theme.xs : Theme.m)
    onClicked: chosen()

    Surface {
        anchors.fill: parent
        raised: root.active
        radius: root.radius
        edge: root.error !== "" ? Theme.bad : root.active ? Theme.brand : Theme.line
        edgeWidth: root.active || root.error !== "" ? Math.max(2, Math.round(5 * Theme.unit)) : Theme.line1
    }
    ColumnLayout {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.margins: Theme.m
        spacing: Theme.xs

        Words {
            visible: !root.bare
            text: root.label
            font.pixelSize: Theme.label
            font.weight: Font.Bold
            color: root.active ? Theme.brand : Theme.quiet
        }
        Words {
            id: typed
            // What is typed are letters and digits: they and the cursor stand on the left.
            LayoutMirroring.enabled: Station.mirrored && root.value === ""
            LayoutMirroring.childrenInherit: true
            text: root.value === "" ? root.hint : root.shownValue
            // Letters of another script would make the line higher than what is typed needs.
            font.family: text === root.hint && text !== "" ? Theme.family : "Noto Sans CJK HK"
            lineHeight: font.family === Theme.family ? Theme.leading : 1
            font.pixelSize: {
                if (root.bare && root.value.length > 20)
                    return Math.min(Theme.body, Theme.px("body", 1.4));
                return root.value.length > 24 || root.width < 500 * Theme.unit ? Theme.body : Theme.title;
            }
            font.weight: root.value === "" ? Font.Normal : Font.Bold
            font.letterSpacing: root.value === "" ? 0 : 1
            color: root.value === "" ? Theme.quiet : Theme.ink
            wrapMode: Text.Wrap

            Rectangle {
                visible: root.active && root.value !== "" && typed.lineCount < 2
                x: Math.min(typed.contentWidth + Theme.xs / 2, typed.width - width)
                anchors.bottom: parent.bottom
                anchors.bottomMargin: typed.font.pixelSize * 0.22
                width: Math.max(2, 4 * Theme.unit)
                height: typed.font.pixelSize
                color: Theme.brand
            }
        }
        RowLayout {
            visible: root.error !== "" && !root.bare
            spacing: Theme.xs

            Pictogram {
                name: "warning"
                size: 44 * Theme.unit
                colour: Theme.bad
            }
            Words {
                text: root.error
                font.pixelSize: Theme.label
                font.weight: Font.Bold
                color: Theme.bad
            }
        }
    }
}
