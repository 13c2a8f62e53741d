import QtQuick
import QtQuick.Layouts

// Letters in the station's font; they wrap and are never cut. Silent to a screen reader: the part
// around it speaks. Heading, Body and Note speak for themselves.
Text {
    id: root

    // For the audit: Python cannot read Qt's enumerations.
    readonly property int along: effectiveHorizontalAlignment
    readonly property int across: verticalAlignment

    // Lines of about one length: no word or character stands alone on the last one.
    property bool even: false
    // The font is named to measure anew with it: a binding does not see what a function measures with.
    readonly property real spare: even && font && metrics.height > 0 ? spared(text, width) : 0

    // Return by how much lines of this width can be shorter without becoming more.
    function spared(text: string, width: real): real {
        // Thai has no spaces between its words: only Qt knows where its lines may end.
        if (width <= 0 || metrics.advanceWidth(text) <= width || /[\u0E00-\u0E7F]/.test(text))
            return 0;
        // What stays together on a line: a word, or a Chinese character with the signs around it.
        const pieces = text.match(/[「『（“]*(?:[\u2E80-\uFAFF]|[^\s\u2E80-\uFFEF]+)[，。、；：！？」』）”]*\s*/g) ?? [];
        const full = pieces.map(piece => metrics.advanceWidth(piece));
        const bare = pieces.map(piece => metrics.advanceWidth(piece.replace(/\s+$/, "")));
        const count = most => {
            let lines = 1, used = 0;
            for (let n = 0; n < full.length; n++) {
                if (used > 0 && used + bare[n] > most) {
                    lines += 1;
                    used = 0;
                }
                used += full[n];
            }
            return lines;
        };
        const lines = count(width);
        let least = Math.max(...bare), most = width;
        while (most - least > font.pixelSize / 8) {
            const middle = (least + most) / 2;
            if (count(middle) <= lines)
                most = middle;
            else
                least = middle;
        }
        return Math.max(0, Math.floor(width - most - font.pixelSize / 3));
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

    FontMetrics {
        id: metrics
        font: root.font
    }
}
