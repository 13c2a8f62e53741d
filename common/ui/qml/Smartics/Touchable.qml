import QtQuick
import QtQuick.Templates as T

// Whatever can be touched: speaks its name, shows the keyboard's place, hands its touch to the flow.
FocusScope {
    id: root

    property string name
    property string description
    property int role: Accessible.Button
    property bool checkable: false
    property bool checked: false
    property string action
    property var value: ""
    property real radius: Theme.buttonRadius
    // Whatever is touched says so; in low mode a page brings it within reach.
    readonly property bool touched: true
    // For the audit: what stands in a row is read from the right.
    readonly property bool fromRight: LayoutMirroring.enabled
    readonly property alias down: area.down
    default property alias content: face.data

    signal clicked

    function touch() {
        // What the button says now counts, not what it says after the touch.
        const wish = root.action;
        root.clicked();
        if (wish !== "")
            Station.act(wish, root.value);
    }

    implicitHeight: Theme.button

    Item {
        id: face
        anchors.fill: parent
        scale: area.down ? 0.985 : 1

        Behavior on scale {
            enabled: !Station.still

            NumberAnimation {
                duration: Theme.pressing
            }
        }
    }

    T.AbstractButton {
        id: area
        anchors.fill: parent
        focus: true
        focusPolicy: Qt.StrongFocus
        checkable: root.checkable
        checked: root.checked
        Accessible.role: root.role
        Accessible.name: root.name
        Accessible.description: root.description
        onClicked: {
            root.touch();
            // The touch has turned it over by itself; what counts is what the screen says.
            checked = Qt.binding(() => root.checked);
        }
        Keys.onReturnPressed: root.touch()
        Keys.onEnterPressed: root.touch()
    }

    FocusRing {
        visible: area.visualFocus
        around: root.radius
    }
}
