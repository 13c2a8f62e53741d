import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

// A field for a physical keyboard.
ColumnLayout {
    id: root

    property string label
    property alias value: input.text
    property bool password: false
    property string error
    property string hint

    signal accepted

    Layout.fillWidth: true
    Layout.maximumWidth: Station.open ? Number.POSITIVE_INFINITY : 1300 * Theme.unit
    Layout.fillHeight: false
    spacing: Theme.xs

    Words {
        text: root.label
        font.pixelSize: Theme.label
        font.weight: Font.Bold
    }
    T.TextField {
        id: input
        Layout.fillWidth: true
        implicitHeight: Math.max(Theme.target, contentHeight + 2 * Theme.s)
        leftPadding: Theme.m
        rightPadding: Theme.m
        verticalAlignment: TextInput.AlignVCenter
        font.family: Theme.family
        font.pixelSize: Theme.body
        color: Theme.ink
        selectionColor: Theme.brand
        selectedTextColor: Theme.overBrand
        placeholderText: root.hint
        echoMode: root.password ? TextInput.Password : TextInput.Normal
        focusPolicy: Qt.StrongFocus
        Accessible.name: root.label
        Accessible.description: root.error
        // Qt tells no name of a password field, so its background speaks for it.
        Accessible.ignored: root.password
        onAccepted: root.accepted()
        background: Rectangle {
            Accessible.role: Accessible.EditableText
            Accessible.name: root.label
            Accessible.description: root.error
            Accessible.ignored: !root.password
            radius: Theme.keyRadius
            color: Theme.surface
            border.width: input.activeFocus || root.error !== "" ? Math.max(2, Math.round(4 * Theme.unit)) : Theme.line1
            border.color: root.error !== "" ? Theme.bad : input.activeFocus ? Theme.brand : Theme.line

            FocusRing {
                visible: input.activeFocus
                around: parent.radius
            }
        }

        Words {
            x: input.leftPadding
            anchors.verticalCenter: parent.verticalCenter
            width: parent.width - 2 * x
            visible: input.text === "" && root.hint !== ""
            text: root.hint
            color: Theme.quiet
        }
    }
    RowLayout {
        visible: root.error !== ""
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
