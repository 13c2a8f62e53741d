pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model
    property var wanted: []

    function turn(need: string): void {
        wanted = wanted.includes(need) ? wanted.filter(one => one !== need) : wanted.concat(need);
    }

    title: Station.t("tag-needs-title")
    subtitle: Station.t("tag-needs-subtitle")
    pictogram: "help"

    Repeater {
        model: page.model.needs

        Touchable {
            id: need
            required property var modelData
            readonly property bool on: page.wanted.includes(modelData.value)

            name: Station.t(modelData.title)
            description: modelData.detail === "" ? "" : Station.t(modelData.detail)
            role: Accessible.CheckBox
            checkable: true
            checked: on
            radius: Theme.cardRadius
            Layout.fillWidth: true
            Layout.fillHeight: true
            Layout.minimumHeight: implicitHeight
            Layout.preferredHeight: implicitHeight
            Layout.maximumHeight: Math.max(implicitHeight, 240 * Theme.unit)
            implicitWidth: 600 * Theme.unit
            implicitHeight: Math.max((Theme.aside ? 108 : 190) * Theme.unit, words.implicitHeight + 2 * (Theme.aside ? Theme.s : Theme.m))
            onClicked: page.turn(modelData.value)

            Surface {
                anchors.fill: parent
                raised: !need.down
                colour: need.on ? Theme.soft : need.down ? Theme.press : Theme.surface
                edge: need.on ? Theme.brand : Theme.line
                edgeWidth: need.on ? 3 * Theme.line1 : Theme.line1
            }
            RowLayout {
                anchors.fill: parent
                anchors.leftMargin: Theme.l
                anchors.rightMargin: Theme.l
                spacing: Theme.l

                Pictogram {
                    name: need.modelData.pictogram
                    size: (Theme.aside ? 72 : 96) * Theme.unit
                }
                ColumnLayout {
                    id: words
                    Layout.fillWidth: true
                    spacing: Theme.xs

                    Words {
                        text: need.name
                        even: true
                        font.pixelSize: Theme.title
                        font.weight: Font.Bold
                    }
                    Words {
                        visible: text !== ""
                        text: need.description
                        even: true
                        font.pixelSize: Theme.label
                        color: Theme.quiet
                    }
                }
                // A tick beside the colour: nobody has to tell colours apart.
                Pictogram {
                    opacity: need.on ? 1 : 0
                    name: "check"
                    size: 64 * Theme.unit
                }
            }
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("common-next")
            action: "needs"
            value: page.wanted.join(" ")
        }
    ]
}
