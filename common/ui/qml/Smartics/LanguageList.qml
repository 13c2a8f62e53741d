pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts

// The languages that the office helps in, each in its own script, over the screen.
FocusScope {
    id: root

    visible: Station.listsLanguages
    onVisibleChanged: {
        if (visible)
            close.forceActiveFocus();
    }

    function choose(language: string) {
        Station.listsLanguages = false;
        if (language !== "")
            Station.bridge.choose_language(language);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.veil

        MouseArea {
            anchors.fill: parent
            onClicked: root.choose("")
        }
    }
    Surface {
        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.edge, 900 * Theme.unit)
        height: column.implicitHeight + 2 * Theme.l

        ColumnLayout {
            id: column
            anchors.centerIn: parent
            width: parent.width - 2 * Theme.l
            spacing: Theme.m

            Heading {
                text: Station.t("common-languages")
            }
            GridLayout {
                Layout.fillWidth: true
                columns: Station.scale > 1.3 && Theme.portrait ? 1 : 2
                columnSpacing: Theme.m
                rowSpacing: Theme.s
                uniformCellWidths: true

                Repeater {
                    model: Station.moreLanguages

                    Touchable {
                        id: one
                        required property var modelData
                        name: modelData.name
                        role: Accessible.RadioButton
                        checkable: true
                        checked: Station.language === modelData.language
                        Layout.fillWidth: true
                        implicitHeight: Math.max(Theme.button, words.implicitHeight + 2 * Theme.s)
                        onClicked: root.choose(modelData.language)

                        Surface {
                            anchors.fill: parent
                            radius: one.radius
                            colour: one.checked ? Theme.brand : one.down ? Theme.press : Theme.surface
                            edge: Theme.brand
                            edgeWidth: Math.max(1, Math.round(3 * Theme.unit))
                        }
                        Words {
                            id: words
                            anchors.centerIn: parent
                            width: parent.width - 2 * Theme.s
                            text: one.modelData.name
                            font.family: Theme.familyOf(one.modelData.language)
                            font.pixelSize: Theme.label * 1.15
                            font.weight: Font.Bold
                            color: one.checked ? Theme.overBrand : Theme.ink
                            horizontalAlignment: Text.AlignHCenter
                        }
                    }
                }
            }
            Touchable {
                id: close
                name: back.text
                focus: true
                Layout.fillWidth: true
                implicitHeight: Math.max(Theme.button, back.implicitHeight + 2 * Theme.s)
                onClicked: root.choose("")

                Surface {
                    anchors.fill: parent
                    radius: close.radius
                    colour: close.down ? Theme.press : Theme.soft
                }
                Words {
                    id: back
                    anchors.centerIn: parent
                    width: parent.width - 2 * Theme.s
                    text: Station.t("common-back")
                    font.weight: Font.Bold
                    color: Theme.brand
                    horizontalAlignment: Text.AlignHCenter
                }
            }
        }
    }
}
