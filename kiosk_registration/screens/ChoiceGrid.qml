import QtQuick
import QtQuick.Layouts
import Smartics

// Choices one below the other, and side by side where the display lies and the letters are not large.
GridLayout {
    readonly property bool touched: true
    readonly property bool raised: true

    Layout.fillWidth: true
    Layout.fillHeight: true
    Layout.minimumHeight: implicitHeight
    Layout.maximumHeight: Theme.low ? implicitHeight : Math.max(implicitHeight, 5 * 320 * Theme.unit)
    columns: Theme.aside && Station.scale < 1.6 ? 2 : 1
    columnSpacing: Theme.m
    rowSpacing: Theme.m
    uniformCellWidths: true
}
