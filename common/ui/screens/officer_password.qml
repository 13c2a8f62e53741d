import QtQuick
import Smartics

Page {
    id: page

    required property var model

    property string typedId
    property string typedPassword
    property bool second: false

    function choose(password: bool) {
        second = password;
        pad.value = password ? typedPassword : typedId;
        pad.forceActiveFocus();
    }

    title: Station.t("staff-password-title")
    subtitle: Station.t("staff-password-subtitle")
    pictogram: "lock"

    EntryField {
        label: Station.t("staff-password-id")
        value: page.typedId
        active: !page.second
        error: page.model.problem_key !== "" && page.typedId === "" ? Station.t(page.model.problem_key) : ""
        onChosen: page.choose(false)
    }
    EntryField {
        label: Station.t("staff-password-label")
        value: page.typedPassword
        active: page.second
        masked: true
        onChosen: page.choose(true)
    }
    StaffPad {
        id: pad
        onTyped: {
            if (page.second)
                page.typedPassword = value;
            else
                page.typedId = value;
        }
    }

    footer: [
        SecondaryButton {
            text: Station.t("common-cancel")
            action: "leave"
        },
        PrimaryButton {
            text: Station.t("staff-password-sign-in")
            action: "sign_in"
            value: JSON.stringify([page.typedId, page.typedPassword])
            enabled: page.typedId !== "" && page.typedPassword !== ""
        }
    ]
}
