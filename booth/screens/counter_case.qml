import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-case-title", {
        tag: page.model.tag
    })
    subtitle: page.model.face.number

    Banner {
        kind: "warn"
        text: page.model.hand_off_key === "" ? "" : Station.t("booth-case-handed-off", {
            reason: Station.t(page.model.hand_off_key)
        })
    }
    NoteBanner {
        model: page.model
    }
    Banner {
        kind: "warn"
        text: page.model.twin ? Station.t("booth-twin-flagged") : ""
    }
    Banner {
        kind: page.model.identified ? "good" : "info"
        text: Station.t(!page.model.identified ? "booth-counter-not-identified" : page.model.proxy ? "booth-counter-proxy" : "booth-counter-identified")
    }
    CardFace {
        face: page.model.face
    }
    FactRow {
        label: Station.t("booth-counter-card")
        value: page.model.card_key === "" ? Station.t("booth-card-none") : Station.t(page.model.card_key)
    }
    FactRow {
        visible: page.model.place !== ""
        label: Station.t("booth-counter-card-place")
        value: page.model.place
    }
    Item {
        Layout.fillHeight: true
    }

    side: [
        TriedList {
            model: page.model
        },
        DoneList {
            marks: page.model.done
        },
        Item {
            Layout.fillHeight: true
        }
    ]
    footer: [
        QuietButton {
            text: Station.t("booth-set-aside")
            action: "next"
        },
        ActButton {
            visible: !page.model.identified
            text: Station.t("booth-proxy-comes")
            action: "proxy"
        },
        ActButton {
            visible: !page.model.identified
            text: Station.t("booth-compare-faces")
            action: "identify"
            strong: !page.model.needs_second
        },
        ActButton {
            visible: page.model.needs_second
            text: Station.t("booth-second-officer")
            action: "second_officer"
            strong: true
        },
        ActButton {
            visible: page.model.identified
            text: Station.t("booth-fetch-card")
            action: "fetch"
            strong: true
        }
    ]
}
