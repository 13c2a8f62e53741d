pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// Read from ten metres: what is being called on top, in the largest letters, framed and marked.
FocusScope {
    id: page

    required property var model

    readonly property real line: height / 12
    readonly property bool alone: model.others.length === 0

    // A tag's or place's letters and digits, as large as they fit. The font keeps room for accents
    // that they do not have, so the room around them may lie on other room.
    component Code: Item {
        property alias text: words.text
        property alias colour: words.color
        property real size

        Layout.fillWidth: true
        Layout.fillHeight: true

        Words {
            id: words
            anchors.centerIn: parent
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.NoWrap
            lineHeight: 1
            font.pixelSize: Math.max(1, Math.min(parent.size, width / (0.66 * Math.max(3, text.length))))
            font.weight: Font.Bold
        }
    }

    Accessible.role: Accessible.Pane
    Accessible.name: model.title

    Rectangle {
        anchors.fill: parent
        color: Theme.ground
    }
    Rectangle {
        id: band
        width: parent.width
        height: page.line * 1.55
        color: Theme.bandTop

        // Below the station's own bar.
        RowLayout {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.leftMargin: Theme.edge
            anchors.rightMargin: Theme.edge
            height: page.line * 0.92
            spacing: page.line * 0.2

            Words {
                text: page.model.title
                lineHeight: 1
                font.pixelSize: page.line * 0.6
                font.weight: Font.Bold
                color: Theme.overBand
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                visible: waiting.visible
                Layout.fillWidth: false
                text: page.model.waitingWords
                wrapMode: Text.NoWrap
                lineHeight: 1
                font.pixelSize: page.line * 0.34
                color: Theme.overBandQuiet
            }
            Words {
                id: waiting
                visible: text !== ""
                Layout.fillWidth: false
                text: page.model.waiting
                wrapMode: Text.NoWrap
                lineHeight: 1
                font.pixelSize: page.line * 0.6
                font.weight: Font.Bold
                color: Theme.overBand
                Accessible.role: Accessible.StaticText
                Accessible.name: page.model.waitingWords + " " + text
            }
        }
    }
    ColumnLayout {
        anchors.top: band.bottom
        anchors.bottom: foot.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: page.line * 0.3
        spacing: page.line * 0.2

        // What everybody has to know besides.
        Rectangle {
            id: notice
            readonly property bool warns: page.model.notice.kind === "warn"
            readonly property color strong: warns ? Theme.warn : Theme.brand
            visible: page.model.notice.texts.length > 0
            Layout.fillWidth: true
            Layout.preferredHeight: page.line * 1.7
            radius: Theme.buttonRadius
            color: warns ? Theme.warnSoft : Theme.soft
            border.width: 3 * Theme.line1
            border.color: strong
            Accessible.role: Accessible.AlertMessage
            Accessible.name: page.model.notice.texts.map(each => each.text).join(" ")

            RowLayout {
                anchors.fill: parent
                anchors.leftMargin: page.line * 0.4
                anchors.rightMargin: page.line * 0.4
                spacing: page.line * 0.4

                Pictogram {
                    name: notice.warns ? "warning" : "clock"
                    size: page.line * 0.9
                    colour: notice.strong
                }
                ColumnLayout {
                    spacing: 0

                    Repeater {
                        model: page.model.notice.texts

                        Words {
                            required property var modelData
                            text: modelData.text
                            wrapMode: Text.NoWrap
                            lineHeight: 0.95
                            font.pixelSize: page.line * 0.35
                            font.weight: Font.Bold
                            font.family: Theme.familyOf(modelData.language)
                        }
                    }
                }
            }
        }
        // Nobody is called: what to do, as large as a call.
        ColumnLayout {
            visible: page.model.quiet.length > 0
            Layout.fillWidth: true
            spacing: page.line * 0.3

            Item {
                Layout.fillHeight: true
            }
            Repeater {
                model: page.model.quiet

                Words {
                    required property var modelData
                    horizontalAlignment: Text.AlignHCenter
                    text: modelData.text
                    lineHeight: 1
                    font.pixelSize: page.line * (page.model.quiet.some(each => each.text.length > 40) ? 0.72 : 0.95)
                    font.family: Theme.familyOf(modelData.language)
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
            Item {
                Layout.fillHeight: true
            }
        }
        // What is called, or was called last.
        Repeater {
            model: page.model.newest

            Rectangle {
                id: newest
                required property var modelData
                Layout.fillWidth: true
                readonly property real size: page.line * (page.alone ? 3.2 : notice.visible ? 2 : 2.5)
                Layout.preferredHeight: page.line * (page.alone ? 5.6 : notice.visible ? 3.4 : 4.1)
                radius: Theme.cardRadius
                color: Theme.brand
                border.width: modelData.calling ? page.line * 0.13 : 0
                border.color: Theme.focus
                Accessible.role: Accessible.StaticText
                Accessible.name: modelData.name

                ColumnLayout {
                    anchors.fill: parent
                    anchors.leftMargin: page.line * 0.4
                    anchors.rightMargin: page.line * 0.6
                    anchors.topMargin: page.line * 0.16
                    anchors.bottomMargin: page.line * 0.3
                    spacing: 0

                    RowLayout {
                        Layout.fillHeight: true
                        spacing: page.line * 0.3

                        Item {
                            implicitWidth: page.line * 2
                            Layout.fillHeight: true

                            Pictogram {
                                visible: newest.modelData.calling
                                anchors.centerIn: parent
                                name: "speaker"
                                size: page.line * 1.9
                                colour: Theme.focus
                            }
                        }
                        Code {
                            Layout.preferredWidth: 5
                            text: newest.modelData.tag
                            size: newest.size
                            colour: Theme.overBrand
                        }
                        Pictogram {
                            name: "right"
                            size: page.line * 1.5
                            colour: Theme.overBandQuiet
                        }
                        Code {
                            Layout.preferredWidth: 4
                            text: newest.modelData.place
                            size: newest.size
                            colour: Theme.overBrand
                        }
                    }
                    Words {
                        horizontalAlignment: Text.AlignRight
                        text: newest.modelData.kind
                        wrapMode: Text.NoWrap
                        lineHeight: 1
                        font.pixelSize: page.line * 0.56
                        font.weight: Font.Bold
                        color: Theme.overBandQuiet
                    }
                }
            }
        }
        Words {
            visible: page.model.others.length > 0
            text: page.model.recent
            lineHeight: 1
            font.pixelSize: page.line * 0.36
            color: Theme.quiet
            Accessible.role: Accessible.StaticText
            Accessible.name: text
        }
        GridLayout {
            visible: page.model.others.length > 0
            Layout.fillWidth: true
            columns: 2
            columnSpacing: page.line * 0.3
            rowSpacing: page.line * 0.16

            Repeater {
                model: page.model.others.slice(0, notice.visible ? 4 : 6)

                Rectangle {
                    id: other
                    required property var modelData
                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    Layout.preferredHeight: page.line * 1.15
                    radius: Theme.buttonRadius
                    color: Theme.surface
                    border.width: modelData.calling ? page.line * 0.08 : Theme.line1
                    border.color: modelData.calling ? Theme.brand : Theme.line
                    Accessible.role: Accessible.StaticText
                    Accessible.name: modelData.name

                    RowLayout {
                        anchors.fill: parent
                        anchors.leftMargin: page.line * 0.25
                        anchors.rightMargin: page.line * 0.25
                        spacing: page.line * 0.2

                        Item {
                            implicitWidth: page.line * 0.8
                            Layout.fillHeight: true

                            Pictogram {
                                visible: other.modelData.calling
                                anchors.centerIn: parent
                                name: "speaker"
                                size: page.line * 0.75
                            }
                        }
                        Code {
                            Layout.preferredWidth: 4
                            text: other.modelData.tag
                            size: page.line * 0.95
                        }
                        Pictogram {
                            name: "right"
                            size: page.line * 0.6
                            colour: Theme.quiet
                        }
                        Code {
                            Layout.preferredWidth: 3
                            text: other.modelData.place
                            size: page.line * 0.95
                        }
                    }
                }
            }
        }
        Item {
            visible: page.model.quiet.length === 0
            Layout.fillHeight: true
        }
    }
    // What is spoken now, in letters. Silent to a screen reader: it is the voice itself.
    Rectangle {
        id: foot
        anchors.bottom: parent.bottom
        width: parent.width
        height: page.line * 1.2
        color: Theme.bandTop
        visible: page.model.said !== ""

        RowLayout {
            anchors.fill: parent
            anchors.leftMargin: page.line * 0.5
            anchors.rightMargin: page.line * 0.5
            spacing: page.line * 0.4

            Pictogram {
                name: "speaker"
                size: page.line * 0.8
                colour: Theme.focus
            }
            Words {
                text: page.model.said
                wrapMode: Text.NoWrap
                lineHeight: 1
                font.pixelSize: Math.min(page.line * 0.66, width / (0.54 * Math.max(20, text.length)))
                font.weight: Font.Bold
                font.family: Theme.familyOf(page.model.saidIn)
                color: Theme.overBand
            }
        }
    }
}
