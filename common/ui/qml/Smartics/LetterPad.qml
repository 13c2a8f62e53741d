pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// Types capital letters, digits, space, full stop, comma, hyphen and slash. A physical keyboard works too.
FocusScope {
    id: root

    // Letters and digits run from the left in every language.
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    property string value: ""
    readonly property string keypad: "pad"
    property int maximum: 64
    // Without signs it has what numbers of identity cards are made of: letters and digits.
    property bool signs: true
    readonly property real gap: Math.round((Theme.low ? 8 : 10) * Theme.unit)

    readonly property bool touched: true

    signal typed

    function add(letter: string) {
        if (value.length < maximum)
            value += letter;
        typed();
    }
    function remove() {
        value = value.slice(0, -1);
        typed();
    }

    focus: true
    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: implicitHeight
    Layout.maximumHeight: Theme.low ? implicitHeight : Math.max(implicitHeight, 5 * 136 * Theme.unit)
    implicitWidth: 10 * Theme.target + 9 * gap
    implicitHeight: column.implicitHeight
    Keys.onPressed: event => {
        const letter = event.text.toUpperCase();
        if (event.key === Qt.Key_Backspace)
            remove();
        else if (/^[A-Z0-9.,\/ -]$/.test(letter))
            add(letter);
        else
            return;
        event.accepted = true;
    }

    ColumnLayout {
        id: column
        width: parent.width
        height: parent.height
        spacing: root.gap

        Repeater {
            model: root.signs ? ["1234567890", "QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM,."] : ["1234567890", "QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"]

            RowLayout {
                id: row
                required property string modelData
                required property int index
                spacing: root.gap
                uniformCellSizes: true

                Repeater {
                    model: row.modelData.length

                    PadKey {
                        required property int index
                        Layout.fillWidth: true
                        Layout.fillHeight: true
                        text: row.modelData.charAt(index)
                        onClicked: root.add(text)
                    }
                }
                PadKey {
                    visible: row.index === 3
                    Layout.fillWidth: true
                    Layout.fillHeight: true
                    quiet: true
                    pictogram: "delete"
                    text: Station.t("common-key-delete")
                    onClicked: root.remove()
                }
            }
        }
        RowLayout {
            spacing: root.gap

            PadKey {
                Layout.preferredWidth: (root.width - 9 * root.gap) * 0.3
                Layout.fillHeight: true
                quiet: true
                text: Station.t("common-key-clear")
                onClicked: {
                    root.value = "";
                    root.typed();
                }
            }
            PadKey {
                visible: root.signs
                Layout.fillWidth: true
                Layout.fillHeight: true
                text: Station.t("common-key-space")
                onClicked: root.add(" ")
            }
            // Addresses say 16/F.
            PadKey {
                visible: root.signs
                Layout.preferredWidth: (root.width - 9 * root.gap) * 0.1
                Layout.fillHeight: true
                text: "/"
                onClicked: root.add(text)
            }
        }
    }
}
