pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts


// Types what officers' names and passwords are made of. A physical keyboard works too.
FocusScope {
    id: root

    property string value: ""
    property int maximum: 64
    property bool capitals: false
    readonly property real gap: Math.round(10 * Theme.unit)

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
    Layout.minimumHeight: implicitHeight
    implicitWidth: 10 * Theme.target + 9 * gap
    implicitHeight: column.implicitHeight
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Backspace)
            remove();
        else if (/^[!-~]$/.test(event.text))
            add(event.text);
        else
            return;
        event.accepted = true;
    }

    ColumnLayout {
        id: column
        width: parent.width
        spacing: root.gap

        Repeater {
            model: ["1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm_."]

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
                        text: root.capitals ? row.modelData.charAt(index).toUpperCase() : row.modelData.charAt(index)
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
            uniformCellSizes: true

            PadKey {
                Layout.fillWidth: true
                Layout.fillHeight: true
                quiet: !root.capitals
                text: Station.t("staff-key-capitals")
                onClicked: root.capitals = !root.capitals
            }
            PadKey {
                Layout.fillWidth: true
                Layout.fillHeight: true
                quiet: true
                text: Station.t("common-key-clear")
                onClicked: {
                    root.value = "";
                    root.typed();
                }
            }
        }
    }
}
