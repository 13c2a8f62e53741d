import QtQuick

// Running text.
Words {
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
