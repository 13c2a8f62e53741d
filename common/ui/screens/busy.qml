import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title_key)

    Busy {
        text: Station.t(page.model.text_key)
        pictogram: page.model.pictogram
    }
}
