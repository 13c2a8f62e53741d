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

    // Lines of about one length, so that no word or character stands alone on the last one. A line
    // is never fuller than its longest word allows, so as many lines hold it as before.
    property bool even: false
    readonly property real spare: {
        const whole = even ? measure.advanceWidth : 0;
        const lines = Math.ceil(whole / Math.max(1, width));
        if (lines < 2 || lines > 3)
            return 0;
        const longest = text.split(/[\s\u2E80-\uFFEF]+/).reduce((most, word) => Math.max(most, word.length), 0);
        // Chinese may not begin a line with a full stop, and takes a character along.
        const slack = (0.6 * longest + (/[\u2E80-\uFFEF]/.test(text) ? 2 : 0.4)) * font.pixelSize;
        return Math.max(0, Math.floor(width - whole / lines - slack));
    }

    TextMetrics {
        id: measure
        font: root.font
        text: root.even ? root.text : ""
    }

    Layout.fillWidth: true
    font.family: Theme.family
    font.pixelSize: Theme.body
    color: Theme.ink
    lineHeight: Theme.leading
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
    rightPadding: effectiveHorizontalAlignment === Text.AlignLeft ? spare : 0
    leftPadding: effectiveHorizontalAlignment === Text.AlignRight ? spare : 0
}
