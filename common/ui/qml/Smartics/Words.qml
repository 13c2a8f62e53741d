import QtQuick
import QtQuick.Layouts

// Letters in the station's font; they wrap and are never cut. Silent to a screen reader: the part
// around it speaks. Heading, Body and Note speak for themselves.
//
// Two or three lines are made about as long as one another, so that no word, and in Chinese no
// single character, is left alone on the last. Longer texts run on.
Text {
    id: root

    // For the audit: Python cannot read Qt's enumerations.
    readonly property int along: effectiveHorizontalAlignment
    readonly property int across: verticalAlignment
    // How much narrower than its place it is set.
    property real narrower: 0

    function even() {
        narrower = 0;
        const lines = lineCount;
        if (lines < 2 || lines > 3 || width < 8 * font.pixelSize)
            return;
        // A word that is too long for its line would be broken rather than overhang.
        wrapMode = Text.WordWrap;
        let fits = 0;
        if (contentWidth <= width) {
            for (let step = width / 4; step > font.pixelSize / 2; step /= 2) {
                narrower = fits + step;
                if (lineCount === lines && contentWidth <= width - narrower)
                    fits = narrower;
            }
        }
        narrower = fits;
        wrapMode = Text.Wrap;
    }

    leftPadding: along === Text.AlignRight ? narrower : along === Text.AlignHCenter ? narrower / 2 : 0
    rightPadding: narrower - leftPadding
    onWidthChanged: even()
    onTextChanged: even()
    onFontChanged: even()

    Layout.fillWidth: true
    font.family: Theme.family
    font.pixelSize: Theme.body
    color: Theme.ink
    lineHeight: Theme.leading
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
}
