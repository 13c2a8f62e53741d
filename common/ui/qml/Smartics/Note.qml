import QtQuick

// Secondary text.
Words {
    font.pixelSize: Theme.note
    color: Theme.quiet
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
