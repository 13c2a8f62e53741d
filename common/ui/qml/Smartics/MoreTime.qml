import QtQuick
import QtQuick.Layouts

// Asks a person who has not touched anything whether more time is needed.
FocusScope {
    id: root

    visible: Station.countdown > 0
    onVisibleChanged: {
        if (visible)
            button.forceActiveFocus();
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.veil

        MouseArea {
            anchors.fill: parent
            onClicked: Station.bridge.more_time()
        }
    }
    Surface {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.edge, 900 * Theme.unit)
        height: column.implicitHeight + 2 * Theme.xl

        ColumnLayout {
            id: column
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.xl
            spacing: Theme.l

            Pictogram {
                Layout.alignment: Qt.AlignHCenter
                name: "clock"
                size: 140 * Theme.unit
            }
            Heading {
                text: Station.t("common-more-time-question")
                font.pixelSize: Theme.display
                horizontalAlignment: Text.AlignHCenter
            }
            Body {
                text: root.visible ? Station.t("common-more-time-countdown", {
                    seconds: Station.countdown
                }) : ""
                horizontalAlignment: Text.AlignHCenter
            }
            Touchable {
                id: button
                Layout.fillWidth: true
                Layout.preferredHeight: Math.max(150 * Theme.unit, label.implicitHeight + 2 * Theme.m)
                focus: true
                name: label.text
                onClicked: Station.bridge.more_time()

                Surface {
                    anchors.fill: parent
                    radius: button.radius
                    colour: button.down ? Theme.brandPress : Theme.brand
                }
                Words {
                    id: label
                    anchors.centerIn: parent
                    width: parent.width - 2 * Theme.m
                    text: Station.t("common-more-time")
                    font.pixelSize: Theme.title
                    font.weight: Font.Bold
                    color: Theme.overBrand
                    horizontalAlignment: Text.AlignHCenter
                }
            }
        }
    }
}
