import QtQuick
import Smartics

// The hand lies before the booth's camera.
DeskPage {
    id: page

    required property var model

    title: Station.t(model.title_key)
    subtitle: Station.t("booth-hand-detail")

    NoteBanner {
        model: page.model
    }
    LiveView {
        mirrored: false
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-back")
            action: "back"
        },
        SecondaryButton {
            visible: page.model.note_key !== ""
            text: Station.t("common-try-again")
            action: "again"
        },
        PrimaryButton {
            text: Station.t(page.model.busy ? "booth-photo-taking" : "booth-photo-take")
            pictogram: "camera"
            action: "take"
            enabled: !page.model.busy
        }
    ]
}
