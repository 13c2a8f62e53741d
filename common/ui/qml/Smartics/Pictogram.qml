import QtQuick

// A line drawing in one colour.
Image {
    property string name
    property real size: 72 * Theme.unit
    property color colour: Theme.brand

    width: size
    height: size
    sourceSize: Qt.size(Math.round(size), Math.round(size))
    source: name === "" ? "" : "image://pictogram/" + name + "/" + String(colour).slice(1)
    fillMode: Image.PreserveAspectFit
}
