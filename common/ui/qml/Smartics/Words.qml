import QtQuick
import QtQuick.Layouts

// Letters in the station's font; they wrap and are never cut. Silent to a screen reader: the part
// around it speaks. Heading, Body and Note speak for themselves.
Text {
    id: root

    // For the audit: Python cannot read Qt's enumerations.
    readonly property int along: effectiveHorizontalAlignment
    readonly property int across: verticalAlignment
    // Two or three lines are made about as long as one another, so that no word, and in Chinese no
    // single character, is left alone on the last. Longer texts run on.
    property bool even: false
    // How much narrower than its place it is set.
    property real narrower: 0

    function spread() {
        const spare = even ? Ruler.spare(text, font, width) : 0;
        if (spare !== narrower)
            narrower = spare;
    }

    leftPadding: along === Text.AlignRight ? narrower : along === Text.AlignHCenter ? narrower / 2 : 0
    rightPadding: narrower - leftPadding
    onWidthChanged: spread()
    onTextChanged: spread()
    onFontChanged: spread()

    Layout.fillWidth: true
    font.family: Theme.family
    font.pixelSize: Theme.body
    color: Theme.ink
    lineHeight: Theme.leading
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
}
