import QtQuick

// A line drawing in one colour.
Image {
    property string name
    property real size: 72 * Theme.unit
    property color colour: Theme.brand
    // What points along the line points the other way where lines run from the right.
    readonly property string turned: !Station.mirrored ? name : ({
                left: "right",
                right: "left"
            })[name] ?? name

    width: size
    height: size
    sourceSize: Qt.size(Math.round(size), Math.round(size))
    source: name === "" ? "" : "image://pictogram/" + turned + "/" + String(colour).slice(1)
    fillMode: Image.PreserveAspectFit
}
