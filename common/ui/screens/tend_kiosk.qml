pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("staff-menu-title")
    subtitle: page.model.officer
    pictogram: "lock"

    Banner {
        kind: "warn"
        text: page.model.offline ? Station.t("staff-menu-offline") : ""
    }
    Banner {
        kind: page.model.went_well ? "good" : "error"
        text: page.model.last_key === "" ? "" : Station.t(page.model.last_key)
    }
    Banner {
        kind: "warn"
        text: page.model.closing_key === "" ? "" : Station.t("staff-menu-closed", {
            why: Station.t(page.model.closing_key)
        })
    }
    Banner {
        readonly property var drafts: Station.moreLanguages.filter(one => one.draft).map(one => one.name)
        text: drafts.length === 0 ? "" : Station.t("staff-menu-drafts", {
            languages: drafts.join(", ")
        })
    }
    Card {
        Body {
            text: {
                if (!page.model.asked)
                    return Station.t("staff-menu-asking");
                return page.model.unsent > 0 ? Station.t("staff-menu-unsent", {
                    count: page.model.unsent
                }) : Station.t("staff-menu-sent");
            }
        }
        GridLayout {
            Layout.fillWidth: true
            columns: 2
            uniformCellWidths: true
            columnSpacing: Theme.m
            rowSpacing: Theme.xs

            Repeater {
                model: page.model.devices

                RowLayout {
                    id: row
                    required property var modelData
                    spacing: Theme.s

                    Pictogram {
                        Layout.alignment: Qt.AlignTop
                        name: row.modelData.good ? "check" : "warning"
                        size: 40 * Theme.unit
                        colour: row.modelData.good ? Theme.good : Theme.bad
                    }
                    Note {
                        Layout.fillWidth: true
                        text: {
                            const name = row.modelData.name_key === "" ? row.modelData.name : Station.t(row.modelData.name_key);
                            return name + " · " + Station.t(row.modelData.state_key);
                        }
                    }
                }
            }
        }
    }
    ChoiceCard {
        visible: page.model.own_work_key !== ""
        title: page.model.own_work_key === "" ? "" : Station.t(page.model.own_work_key)
        pictogram: "card"
        action: "own_work"
        Layout.maximumHeight: implicitHeight
    }
    GridLayout {
        readonly property bool touched: true

        Layout.fillWidth: true
        columns: 2
        uniformCellWidths: true
        columnSpacing: Theme.s
        rowSpacing: Theme.s

        component Duty: SecondaryButton {
            Layout.fillWidth: true
            action: "act"
        }

        Duty {
            visible: page.model.closing_key === ""
            text: Station.t("staff-act-close")
            action: "close"
        }
        Duty {
            visible: page.model.closing_key !== ""
            text: Station.t("staff-act-open")
            value: "open"
        }
        Duty {
            text: Station.t("staff-act-test_devices")
            value: "test_devices"
        }
        Duty {
            text: Station.t("staff-act-test_print")
            value: "test_print"
        }
        Duty {
            text: Station.t("staff-act-free_card")
            value: "free_card"
        }
        Duty {
            text: Station.t("staff-act-restart")
            value: "restart"
        }
        Duty {
            visible: page.model.can_shut_down
            text: Station.t("staff-act-shut_down")
            value: "shut_down"
        }
    }

    footer: [
        PrimaryButton {
            text: Station.t("staff-menu-leave")
            action: "leave"
        }
    ]
}
