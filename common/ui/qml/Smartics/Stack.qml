import QtQuick
import QtQuick.Layouts

// Parts one below the other. Those that fill grow up to their own limit, so that a page with
// little to say is not pulled apart. With a lowTop, the first part that is touched begins no higher:
// what fills before it grows, and the page begins further down by what it cannot grow.
ColumnLayout {
    id: root

    property real room: 0
    property real lowTop: 0

    readonly property int firstTouched: Theme.low ? findTouched() : -1
    readonly property real before: firstTouched > 0 ? tall(0, firstTouched, true) + spacing : 0

    function findTouched(): int {
        const parts = visibleChildren;
        const fields = parts.filter(part => part["visibleValue"] !== undefined);
        // A lone field is typed into already.
        return parts.findIndex(part => part["touched"] === true && (fields.length > 1 || part !== fields[0]));
    }

    function tall(from: int, to: int, most: bool): real {
        let sum = -spacing;
        for (const part of visibleChildren.slice(from, to)) {
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

    height: {
        const count = visibleChildren.length;
        if (firstTouched < 0)
            return Math.max(tall(0, count, false), Math.min(room, tall(0, count, true)));
        const least = firstTouched > 0 ? tall(0, firstTouched, false) + spacing : 0;
        return Math.max(least, lowTop) + tall(firstTouched, count, false);
    }
    spacing: Theme.m
}
