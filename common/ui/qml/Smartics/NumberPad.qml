pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// Types digits. A physical number pad works too.
FocusScope {
    id: root

    // Letters and digits run from the left in every language.
    LayoutMirroring.enabled: false
    LayoutMirroring.childrenInherit: true

    property string value: ""
    readonly property string keypad: "pad"
    property int maximum: 32

    readonly property bool touched: true

    signal typed

    function add(digit: string) {
        if (value.length < maximum)
            value += digit;
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
    Layout.maximumHeight: Theme.low ? implicitHeight : Math.max(implicitHeight, 4 * 164 * Theme.unit)
    implicitWidth: grid.implicitWidth
    implicitHeight: grid.implicitHeight
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Backspace)
            remove();
        else if (/^[0-9]$/.test(event.text))
            add(event.text);
        else
            return;
        event.accepted = true;
    }

    GridLayout {
        id: grid
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width, 760 * Theme.unit)
        height: parent.height
        columns: 3
        uniformCellWidths: true
        rowSpacing: Theme.s
        columnSpacing: Theme.s

        Repeater {
            model: ["1", "2", "3", "4", "5", "6", "7", "8", "9"]

            PadKey {
                required property string modelData
                Layout.fillWidth: true
                Layout.fillHeight: true
                text: modelData
                onClicked: root.add(modelData)
            }
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
        PadKey {
            Layout.fillWidth: true
            Layout.fillHeight: true
            text: "0"
            onClicked: root.add("0")
        }
        PadKey {
            Layout.fillWidth: true
            Layout.fillHeight: true
            quiet: true
            pictogram: "delete"
            text: Station.t("common-key-delete")
            onClicked: root.remove()
        }
    }
}
