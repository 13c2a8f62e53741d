import QtQuick
import QtQuick.Layouts

// Parts one below the other. Those that fill grow up to their own limit, so that a page with
// little to say is not pulled apart.
ColumnLayout {
    id: root

    property real room: 0

    function tall(most: bool): real {
        let sum = -spacing;
        for (const part of visibleChildren) {
            // A layout is taken as tall as it says. Asking it for its limits makes it measure
            // children that a Repeater is just taking away, and Qt 6.12 then reads freed memory.
            if (part["layoutDirection"] !== undefined) {
                sum += spacing + part.implicitHeight;
                continue;
            }
            const least = Math.max(0, part.Layout.minimumHeight);
            if (!part.Layout.fillHeight)
                sum += spacing + Math.max(part.implicitHeight, least);
            else
                sum += spacing + (most ? part.Layout.maximumHeight : least);
        }
        return Math.max(0, sum);
    }

    height: Math.max(tall(false), Math.min(room, tall(true)))
    spacing: Theme.m
}
