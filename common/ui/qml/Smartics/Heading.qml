import QtQuick

// A heading inside a screen.
Words {
    font.pixelSize: Theme.title
    font.weight: Font.Bold
    Accessible.role: Accessible.Heading
    Accessible.name: text
}
