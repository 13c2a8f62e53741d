import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: "Finger"

    Banner {
        kind: "warn"
        text: page.model.words
    }
}
