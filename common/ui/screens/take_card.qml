import QtQuick
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title_key)
    subtitle: Station.t(page.model.staff_told && page.model.told_key ? page.model.told_key : page.model.detail_key)
    calls: true

    Guide {
        picture: "card_out"
        calls: true
    }
    Tone {}
}
