import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: root

    required property var model

    title: Station.t("office-title")
    subtitle: Station.t("office-subtitle")

    ChoiceRow {
        label: Station.t("office-person")
        options: root.model.people
        columns: 3
        value: root.model.person
        onValueChanged: if (value !== root.model.person)
            Station.act("person", value)
    }
    ChoiceRow {
        label: Station.t("office-station")
        options: root.model.stations
        columns: 3
        value: root.model.station
        onValueChanged: if (value !== root.model.station)
            Station.act("station", value)
    }
    Note {
        text: root.model.message ? Station.t(root.model.message) : ""
    }
    Note {
        visible: root.model.rows.length === 0
        text: Station.t("office-nothing-to-do")
    }
    Repeater {
        model: root.model.rows

        WorkRow {
            required property var modelData

            title: Station.t(modelData.key, modelData.values)
            detail: Station.t(modelData.device)
            action: "do"
            value: modelData.number
        }
    }
    SecondaryButton {
        text: Station.t("office-book")
        action: "book"
    }
    SecondaryButton {
        text: Station.t("office-mischief")
        action: "mischief"
    }
    SecondaryButton {
        text: Station.t("office-mischief-end")
        action: "mischief_end"
    }
}
