import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t(page.model.title)
    subtitle: Station.t(page.model.subtitle)
    pictogram: "clock"

    Banner {
        kind: "warn"
        text: page.model.note === "" ? "" : Station.t(page.model.note)
    }
    ChoiceRow {
        visible: page.model.slots.length > 0
        columns: Theme.aside && Station.scale < 1.3 ? 2 : 1
        options: page.model.slots.map(slot => ({
                    value: slot.value,
                    text: Station.t("common-slot", slot.values)
                }))
        onChosen: value => Station.act("slot", value)
    }
    ChoiceCard {
        visible: page.model.wait_list
        title: Station.t("tag-choice-wait_list")
        detail: Station.t("tag-choice-wait_list-detail")
        pictogram: "person"
        action: "choose"
        value: "wait_list"
    }
    ChoiceCard {
        visible: page.model.slots.length > 0
        title: Station.t("tag-choice-print")
        pictogram: "printer"
        action: "choose"
        value: "print"
    }
    Guide {
        visible: page.model.slots.length === 0 && !page.model.wait_list
        picture: "later"
    }
    Item {
        visible: page.model.slots.length > 0 || page.model.wait_list
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        }
    ]
}
