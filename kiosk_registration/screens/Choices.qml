pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// One of few, worded by key and value. Unlike ChoiceRow its rows stay when the language changes.
ColumnLayout {
    id: root

    readonly property string keypad: "choice"
    readonly property string keypadLabel: Station.t(key)
    property string key
    property var values: []
    property string value
    // A bare one leaves its name to the head.
    property bool bare: false
    readonly property int columns: Station.scale > 1.3 ? 1 : Math.min(values.length, Theme.portrait ? 2 : 4)
    readonly property real cell: (width - (columns - 1) * Theme.s) / columns

    readonly property bool touched: true

    signal chosen(string value)

    Layout.fillWidth: true
    spacing: Theme.s

    Heading {
        visible: !root.bare
        text: Station.t(root.key)
        font.pixelSize: Theme.label
    }
    Grid {
        // Its cells are made of this part's width, so it must not ask for any itself.
        Layout.fillWidth: true
        Layout.minimumWidth: 0
        Layout.preferredWidth: 0
        columns: root.columns
        spacing: Theme.s

        Repeater {
            model: root.values

            Touchable {
                id: option
                required property string modelData
                readonly property bool on: root.value === modelData
                width: root.cell
                height: Math.max(Theme.button, words.implicitHeight + 2 * Theme.s)
                radius: Theme.keyRadius
                role: Accessible.RadioButton
                checkable: true
                checked: on
                name: words.text
                onClicked: {
                    root.value = modelData;
                    root.chosen(modelData);
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
                    text: Station.t(root.key + "-" + option.modelData)
                    font.weight: Font.Bold
                    color: option.on ? Theme.overBrand : Theme.ink
                    horizontalAlignment: Text.AlignHCenter
                }
            }
        }
    }
}
