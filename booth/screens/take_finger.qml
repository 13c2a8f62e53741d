import QtQuick
import QtQuick.Layouts
import Smartics

// One finger is captured, as often as it takes.
DeskPage {
    id: page

    required property var model

    title: Station.t("booth-take-finger-title", {
        finger: Station.t(page.model.finger_key)
    })
    subtitle: Station.t("booth-take-finger-detail", {
        number: page.model.number,
        captures: page.model.captures
    })

    Banner {
        kind: "warn"
        text: page.model.advice_key === "" ? "" : Station.t(page.model.advice_key)
    }
    HandPicture {
        position: page.model.position
        text: Station.t(page.model.finger_key)
    }

    side: [
        Note {
            text: page.model.qualities.length === 0 ? Station.t("booth-take-finger-none") : Station.t("booth-take-finger-qualities", {
                qualities: page.model.qualities.join(", ")
            })
        },
        Item {
            Layout.fillHeight: true
        }
    ]
    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        SecondaryButton {
            text: Station.t("booth-take-finger-enough")
            action: "enough"
        }
    ]
}
