pragma Singleton
import QtQuick

// Lays texts out aside, to find how narrow they can be; it is never painted. Trying on the words
// themselves would change their height for a moment, and with it the page around them.
Text {
    id: root

    textFormat: Text.PlainText
    // A word that is too long for its line is not broken here but overhangs, which is seen.
    wrapMode: Text.WordWrap

    // Return by how much a text of two or three lines can be narrower and not become longer.
    function spare(text: string, font: font, width: real): real {
        if (width < 4 * font.pixelSize)
            return 0;
        root.font = font;
        root.width = width;
        root.text = text;
        const lines = lineCount;
        const few = lines === 2 || lines === 3;
        let spare = 0;
        for (let step = width / 4; few && contentWidth <= root.width && step > font.pixelSize / 2; step /= 2) {
            root.width = width - spare - step;
            if (lineCount === lines && contentWidth <= root.width)
                spare += step;
            root.width = width - spare;
        }
        root.text = ""; // it may be somebody's name
        return spare;
    }
}
