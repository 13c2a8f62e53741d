import QtQuick
import QtQuick.Layouts

// Letters in the station's font; they wrap and are never cut. Silent to a screen reader: the part
// around it speaks. Heading, Body and Note speak for themselves.
Text {
    // For the audit: Python cannot read Qt's enumerations.
    readonly property int along: effectiveHorizontalAlignment
    readonly property int across: verticalAlignment

    Layout.fillWidth: true
    font.family: Theme.family
    font.pixelSize: Theme.body
    color: Theme.ink
    lineHeight: Theme.leading
    wrapMode: Text.Wrap
    textFormat: Text.PlainText
}
