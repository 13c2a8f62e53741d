import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-hand-over-title")
    subtitle: Station.t("booth-hand-over-subtitle")

    NoteBanner {
        model: page.model
    }
    Banner {
        kind: "warn"
        text: page.model.activation ? Station.t("booth-hand-over-proxy") : ""
    }
    CardFace {
        face: page.model.face
    }
    Card {
        ChoiceRow {
            id: old
            visible: !page.model.captured
            label: Station.t(page.model.old_key)
            options: [
                {
                    value: "kept",
                    text: Station.t("booth-old-kept")
                }
            ]
        }
        Body {
            visible: page.model.captured
            text: Station.t("booth-old-captured")
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("booth-put-back")
            action: "put_back"
        },
        PrimaryButton {
            text: Station.t("booth-hand-over")
            action: "hand_over"
            enabled: page.model.captured || old.value === "kept"
        }
    ]
}
