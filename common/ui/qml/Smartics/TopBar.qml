pragma ComponentBehavior: Bound
import QtQuick

// The station's name and the languages, always in the same place.
Item {
    id: root

    readonly property bool dark: !Theme.aside && !Theme.low

    height: Theme.barTop

    Words {
        anchors.left: parent.left
        anchors.leftMargin: Theme.edge
        width: {
            const room = Theme.aside ? Theme.asideWidth : parent.width - Theme.edge - (Theme.low ? 0 : languages.width);
            return room - Theme.edge - Theme.m;
        }
        text: Station.title
        height: parent.height
        verticalAlignment: Text.AlignVCenter
        font.pixelSize: Station.open ? 40 * Theme.unit : Theme.body
        fontSizeMode: Text.Fit
        minimumPixelSize: Station.open ? 26 * Theme.unit : Theme.body
        font.weight: Font.Bold
        lineHeight: Theme.leading
        color: Theme.overBand
        maximumLineCount: 3
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    Row {
        id: languages
        readonly property string keypad: "choice"
        readonly property bool keypadLast: true
        readonly property string keypadLabel: Station.t("common-speech-language")
        anchors.right: parent.right
        anchors.rightMargin: Theme.edge
        y: Theme.low ? Station.height - Theme.s - height : (parent.height - height) / 2
        spacing: Math.max(8, Theme.s)
        visible: Station.languages.length + Station.moreLanguages.length > 1

        Repeater {
            model: Station.languages

            Touchable {
                id: pill
                required property string modelData
                readonly property bool on: Station.language === modelData
                name: words.text
                role: Accessible.RadioButton
                checkable: true
                checked: on
                radius: height / 2
                width: Math.max(Theme.target, words.implicitWidth + 2 * Theme.m)
                height: Theme.target
                onClicked: Station.bridge.choose_language(modelData)

                Rectangle {
                    anchors.fill: parent
                    radius: height / 2
                    color: {
                        if (root.dark)
                            return pill.on ? Theme.overBand : pill.down ? Theme.bandSoft : "transparent";
                        return pill.on ? Theme.brand : pill.down ? Theme.press : Theme.surface;
                    }
                    border.width: Theme.line1
                    border.color: root.dark ? Theme.overBand : pill.on ? Theme.brand : Theme.line
                }
                Words {
                    id: words
                    anchors.centerIn: parent
                    text: Station.bridge ? Station.bridge.own_name(pill.modelData) : ""
                    wrapMode: Text.NoWrap
                    font.family: Theme.familyOf(pill.modelData)
                    font.pixelSize: Station.open ? 31 * Theme.unit : Theme.label
                    font.weight: Font.Bold
                    color: {
                        if (root.dark)
                            return pill.on ? Theme.bandTop : Theme.overBand;
                        return pill.on ? Theme.overBrand : Theme.ink;
                    }
                }
            }
        }
        Touchable {
            id: more
            readonly property bool on: Station.moreLanguages.some(one => one.language === Station.language)
            visible: Station.moreLanguages.length > 0
            name: Station.t("common-languages")
            radius: height / 2
            width: Theme.target
            height: Theme.target
            onClicked: Station.listsLanguages = true

            Rectangle {
                anchors.fill: parent
                radius: height / 2
                color: {
                    if (root.dark)
                        return more.on ? Theme.overBand : more.down ? Theme.bandSoft : "transparent";
                    return more.on ? Theme.brand : more.down ? Theme.press : Theme.surface;
                }
                border.width: Theme.line1
                border.color: root.dark ? Theme.overBand : more.on ? Theme.brand : Theme.line
            }
            Pictogram {
                anchors.centerIn: parent
                name: "globe"
                size: 48 * Theme.unit
                colour: {
                    if (root.dark)
                        return more.on ? Theme.bandTop : Theme.overBand;
                    return more.on ? Theme.overBrand : Theme.ink;
                }
            }
        }
    }
}
