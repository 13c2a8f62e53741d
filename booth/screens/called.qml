import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    title: Station.t("booth-called-title")
    subtitle: Station.t("booth-call-place", {
        place: page.model.place
    })

    NoteBanner {
        model: page.model
    }
    BigNumber {
        text: page.model.number
        detail: Station.t("booth-called-detail")
    }
    Banner {
        pictogram: "form"
        text: page.model.errand === "" ? "" : Station.t(page.model.errand)
    }
    Banner {
        pictogram: "person"
        text: page.model.needs.map(need => Station.t(need, {
                    language: page.model.interpreter
                })).join(" · ")
    }
    Item {
        Layout.fillHeight: true
    }

    footer: [
        SecondaryButton {
            text: Station.t("booth-missed")
            action: "miss"
        },
        SecondaryButton {
            text: Station.t("booth-recall")
            action: "recall"
        },
        PrimaryButton {
            text: Station.t("booth-arrived")
            action: "arrive"
        }
    ]
}
