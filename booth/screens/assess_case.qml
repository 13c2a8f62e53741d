import QtQuick
import QtQuick.Layouts
import Smartics

DeskPage {
    id: page

    required property var model

    function evidence() {
        const said = [];
        if (page.model.confirmed_by !== "")
            said.push(Station.t("booth-assess-confirmed-by", {
                officer: page.model.confirmed_by
            }));
        if (page.model.overridden)
            said.push(Station.t("booth-assess-overridden"));
        if (page.model.twin)
            said.push(Station.t("booth-twin-flagged"));
        return said;
    }

    title: Station.t("booth-assess-title", {
        receipt: page.model.receipt
    })
    subtitle: Station.t("booth-assess-captured-by", {
        officer: page.model.captured_by
    })

    NoteBanner {
        model: page.model
    }
    CardFace {
        face: page.model.face
    }
    FormList {
        form: page.model.form
    }
    TextEntry {
        id: reason
        label: Station.t("booth-assess-reason")
        hint: Station.t("booth-assess-reason-hint")
        error: Station.error ? Station.t("booth-reason-missing") : ""
    }
    Item {
        Layout.fillHeight: true
    }

    side: [
        TriedList {
            model: page.model
            more: page.evidence()
        },
        DoneList {
            marks: page.model.done
        },
        FactRow {
            label: Station.t("booth-assess-identified-by")
            value: page.model.identified_key === "" ? "" : Station.t(page.model.identified_key)
        },
        FactRow {
            label: Station.t("booth-assess-fingers")
            value: String(page.model.fingers)
        },
        Banner {
            kind: "warn"
            text: page.model.hand_off_key === "" ? "" : Station.t("booth-case-handed-off", {
                reason: Station.t(page.model.hand_off_key)
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
            text: Station.t("booth-refuse")
            action: "refuse"
            value: reason.value
        },
        PrimaryButton {
            text: Station.t("booth-approve")
            action: "approve"
            value: reason.value
        }
    ]
}
