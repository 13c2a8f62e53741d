pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// One of few.
ColumnLayout {
    id: root

    readonly property string keypad: "choice"
    readonly property string keypadLabel: label
    property string label
    property var options: []
    property var value: ""
    property int columns: Station.scale > 1.3 ? 1 : Math.min(options.length, Theme.portrait ? 3 : 4)

    readonly property bool touched: true

    signal chosen(var value)

    Layout.fillWidth: true
    Layout.maximumWidth: Station.open ? Number.POSITIVE_INFINITY : 1300 * Theme.unit
    Layout.fillHeight: false
    spacing: Theme.s

    Words {
        visible: text !== ""
        text: root.label
        font.pixelSize: Theme.label
        font.weight: Font.Bold
    }
    GridLayout {
        Layout.fillWidth: true
        Layout.fillHeight: false
        columns: Math.max(1, root.columns)
        uniformCellWidths: true
        rowSpacing: Theme.s
        columnSpacing: Theme.s

        Repeater {
            model: root.options

            Touchable {
                id: option
                required property var modelData
                readonly property bool on: String(root.value) === String(modelData.value)
                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.minimumHeight: implicitHeight
                implicitWidth: 120 * Theme.unit
                implicitHeight: Math.max(Theme.target, words.implicitHeight + 2 * Theme.s)
                radius: Theme.keyRadius
                role: Accessible.RadioButton
                checkable: true
                checked: on
                name: modelData.text
                description: root.label
                onClicked: {
                    root.value = modelData.value;
                    root.chosen(modelData.value);
                }

                Surface {
                    anchors.fill: parent
                    raised: false
                    radius: option.radius
                    colour: option.on ? Theme.brand : option.down ? Theme.press : Theme.surface
                    edge: option.on ? Theme.brand : Theme.line
                    edgeWidth: Theme.line1
                }
                Words {
                    id: words
                    anchors.centerIn: parent
                    width: parent.width - 2 * Theme.s
                    text: option.modelData.text
                    font.weight: Font.Bold
                    color: option.on ? Theme.overBrand : Theme.ink
                    horizontalAlignment: Text.AlignHCenter
                }
            }
        }
    }
}
