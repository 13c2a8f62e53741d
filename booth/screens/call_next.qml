import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t(model.title_key)
    subtitle: Station.t("booth-call-place", {
        place: page.model.place
    })

    NoteBanner {
        model: page.model
    }
    Card {
        Layout.maximumWidth: 1100 * Theme.unit

        PrimaryButton {
            text: Station.t("booth-call-next")
            pictogram: "tag"
            action: "call"
        }
    }
    Card {
        visible: page.model.can_find
        Layout.maximumWidth: 1100 * Theme.unit
        spacing: Theme.m

        TextEntry {
            id: typed
            label: Station.t("booth-find-label")
            hint: Station.t("booth-find-hint")
            error: Station.error ? Station.t("common-not-sensible") : ""
            onAccepted: Station.act("find", typed.value)
        }
        SecondaryButton {
            text: Station.t("booth-find")
            action: "find"
            value: typed.value
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: SecondaryButton {
        text: Station.t("common-back")
        action: "home"
    }
}
