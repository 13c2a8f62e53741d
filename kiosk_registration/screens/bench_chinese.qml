pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// The Chinese name in large characters; below it what helps with the next step.
Page {
    id: page

    required property var model
    readonly property bool choosing: model.place >= 0
    readonly property bool large: Station.scale > 1.3
    readonly property string wrong: Station.error && choosing ? Station.t("bench-code-error") : ""
    property string wanted: ""
    property bool typing: false

    title: {
        // With large letters the head says what is typed, so that the pad is whole.
        if (page.typing && page.large)
            return Station.t(page.choosing ? "bench-code-label" : "bench-chinese-find");
        return Station.t(page.choosing ? "bench-code-title" : "bench-chinese-title");
    }
    subtitle: {
        if (page.typing && page.large)
            return page.wrong !== "" ? page.wrong : Station.t(page.choosing ? "bench-code-hint" : "bench-chinese-hint");
        return Station.t(page.choosing ? "bench-code-subtitle" : "bench-chinese-subtitle");
    }
    pictogram: "form"
    step: model.step
    steps: model.pages

    RowLayout {
        visible: page.model.characters.length > 0 && (!page.typing || (page.choosing && !page.large))
        // A Chinese name runs from the left in every language.
        LayoutMirroring.enabled: false
        LayoutMirroring.childrenInherit: true
        Layout.fillWidth: true
        spacing: Theme.s

        Repeater {
            model: page.model.characters

            Touchable {
                id: one
                required property var modelData
                required property int index
                readonly property string coded: modelData.code === "" ? "----" : modelData.code
                name: modelData.text + " " + (modelData.code === "" ? Station.t("bench-chinese-no-code") : modelData.code)
                action: "select"
                value: String(index)
                radius: Theme.keyRadius
                Layout.preferredWidth: 124 * Theme.unit
                implicitHeight: Math.max(Theme.target, words.implicitHeight + Theme.s)

                Surface {
                    anchors.fill: parent
                    radius: one.radius
                    colour: one.down ? Theme.press : Theme.surface
                    edge: one.index === page.model.place ? Theme.brand : one.modelData.code === "" ? Theme.warn : Theme.line
                    edgeWidth: one.index === page.model.place ? Math.max(2, 5 * Theme.unit) : Theme.line1
                }
                ColumnLayout {
                    id: words
                    anchors.centerIn: parent
                    width: parent.width - 2 * Theme.xs
                    spacing: 0

                    Words {
                        text: one.modelData.text
                        font.family: "Noto Sans CJK HK"
                        font.pixelSize: Theme.display
                        horizontalAlignment: Text.AlignHCenter
                    }
                    Words {
                        // Four digits are one code: they are never parted.
                        text: one.coded
                        wrapMode: Text.NoWrap
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: 24 * Theme.unit
                        font.pixelSize: Theme.note
                        font.weight: Font.Bold
                        color: one.modelData.code === "" ? Theme.warn : Theme.quiet
                        horizontalAlignment: Text.AlignHCenter
                    }
                }
            }
        }
        Touchable {
            visible: page.model.characters.length > 0 && !page.choosing
            name: Station.t("bench-chinese-drop")
            action: "drop"
            radius: Theme.keyRadius
            Layout.preferredWidth: Theme.target
            implicitHeight: Theme.target

            Surface {
                anchors.fill: parent
                radius: Theme.keyRadius
                colour: Theme.soft
            }
            Pictogram {
                anchors.centerIn: parent
                name: "delete"
                size: 48 * Theme.unit
            }
        }
        Item {
            Layout.fillWidth: true
        }
    }
    Banner {
        kind: Station.error ? "error" : "info"
        text: {
            if (page.choosing)
                return page.typing && page.large ? "" : page.wrong;
            if (page.model.full)
                return Station.t("bench-chinese-full");
            return page.model.sought !== "" && page.model.found.length === 0 ? Station.t("bench-chinese-nothing") : "";
        }
    }
    Flow {
        visible: choice.count > 0 && !page.typing
        LayoutMirroring.enabled: false
        LayoutMirroring.childrenInherit: true
        Layout.fillWidth: true
        spacing: Theme.s

        Repeater {
            id: choice
            model: page.choosing ? page.model.codes : page.model.full ? [] : page.model.found

            Touchable {
                id: offer
                required property string modelData
                readonly property bool none: page.choosing && modelData === "0000"
                name: none ? Station.t("bench-chinese-no-code") : modelData
                action: page.choosing ? "code" : "take"
                value: modelData
                radius: Theme.keyRadius
                width: Math.max(Theme.target, said.implicitWidth + 2 * Theme.s)
                height: Math.max(Theme.target, said.implicitHeight + Theme.xs)

                Surface {
                    anchors.fill: parent
                    raised: false
                    radius: offer.radius
                    colour: offer.down ? Theme.press : Theme.surface
                    edge: Theme.brand
                    edgeWidth: Theme.line1
                }
                Words {
                    id: said
                    anchors.centerIn: parent
                    text: offer.name
                    font.family: "Noto Sans CJK HK"
                    font.pixelSize: offer.none ? Theme.note : Theme.title
                    wrapMode: Text.NoWrap
                    color: Theme.brand
                    font.weight: Font.Bold
                }
            }
        }
    }
    SecondaryButton {
        visible: !page.typing && (page.choosing || !page.model.full)
        text: Station.t(page.choosing ? "bench-code-label" : "bench-chinese-find")
        onClicked: page.typing = true
    }
    EntryField {
        visible: page.typing
        label: Station.t(page.choosing ? "bench-code-label" : "bench-chinese-find")
        hint: page.large ? "" : Station.t(page.choosing ? "bench-code-hint" : "bench-chinese-hint")
        bare: page.large
        error: page.wrong
        value: page.wanted
    }
    Item {
        Layout.fillHeight: true
    }
    LetterPad {
        visible: page.typing && !page.choosing
        maximum: 8
        onTyped: page.wanted = value
    }
    NumberPad {
        visible: page.typing && page.choosing
        maximum: 5
        onTyped: page.wanted = value
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: page.typing ? "" : "back"
            onClicked: page.typing = false
        },
        PrimaryButton {
            visible: page.typing
            text: Station.t(page.choosing ? "bench-code-take" : "bench-chinese-search")
            action: page.choosing ? "code" : "find"
            value: page.wanted
            enabled: page.wanted !== ""
        },
        PrimaryButton {
            visible: !page.typing && !page.choosing
            text: Station.t(page.model.characters.length > 0 ? "common-next" : "bench-chinese-none")
            action: "done"
        }
    ]
}
