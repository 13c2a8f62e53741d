import QtQuick
import QtQuick.Layouts

// Somebody asks for staff: at the head of every officer's screen, whatever the work below.
Item {
    id: root

    readonly property var call: Station.calls
    readonly property string words: visible ? Station.t("staff-call-asked", {
        where: call.where,
        since: call.since
    }) : ""
    readonly property string others: visible && call.others !== "" ? Station.t("staff-call-others", {
        places: call.others
    }) : ""
    readonly property string note: visible && call.note_key !== "" ? Station.t(call.note_key) : ""

    visible: call.value !== undefined
    implicitHeight: Math.max(button.implicitHeight, column.implicitHeight) + 2 * Theme.xs

    Surface {
        anchors.fill: parent
        raised: false
        radius: Theme.buttonRadius
        colour: Theme.warnSoft
        edge: Theme.warn
        edgeWidth: Theme.line1
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.m
        anchors.rightMargin: Theme.xs
        spacing: Theme.m

        Pictogram {
            name: "person"
            size: 56 * Theme.unit * Math.min(1.4, Station.scale)
            colour: Theme.warn
        }
        ColumnLayout {
            id: column
            spacing: 0
            Accessible.role: Accessible.AlertMessage
            Accessible.name: [root.words, root.others, root.note].filter(part => part !== "").join(" ")

            Words {
                text: root.others === "" ? root.words : root.words + " " + root.others
                font.weight: Font.Bold
            }
            Words {
                visible: text !== ""
                text: root.note
                font.pixelSize: Theme.label
            }
        }
        ActButton {
            id: button
            Layout.fillWidth: false
            text: Station.t("staff-call-go")
            onClicked: Station.bridge.answer_call(root.call.value)
        }
    }
}
