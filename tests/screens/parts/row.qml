import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: "Row"

    ChoiceRow {
        label: "Colour"
        value: "red"
        options: [
            {
                value: "red",
                text: "Red"
            },
            {
                value: "blue",
                text: "Blue"
            }
        ]
    }
}
