pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model
    readonly property bool hinted: model.hint !== ""

    title: Station.t("registration-take-title")
    subtitle: Station.t("registration-take-subtitle", {
        number: Math.min(page.model.number + 1, page.model.most),
        most: page.model.most
    })
    pictogram: "camera"
    step: 4
    steps: 5

    LiveView {}
    Banner {
        kind: page.hinted ? "warn" : page.model.good ? "good" : "info"
        pictogram: page.hinted ? "portrait_" + page.model.hint : "camera"
        text: {
            if (page.hinted)
                return Station.t("registration-hint-" + page.model.hint);
            if (page.model.good)
                return Station.t("registration-take-good");
            return Station.scale > 1.6 ? "" : Station.t("registration-take-look");
        }
    }
    RowLayout {
        // Large text needs the room; the title says how many there are.
        visible: page.model.number > 0 && Station.scale < 1.4
        Layout.fillWidth: true
        spacing: Theme.s

        Repeater {
            model: page.model.shots

            Item {
                id: shot
                required property var modelData
                required property int index
                Layout.preferredWidth: 140 * Theme.unit
                Layout.preferredHeight: 180 * Theme.unit
                Accessible.role: Accessible.Graphic
                Accessible.name: Station.t(modelData.fault === "" ? "registration-shot-good" : "registration-shot-poor", {
                    number: index + 1
                })

                Image {
                    anchors.fill: parent
                    fillMode: Image.PreserveAspectFit
                    source: shot.modelData.picture
                }
                Rectangle {
                    anchors.right: parent.right
                    anchors.bottom: parent.bottom
                    width: 56 * Theme.unit
                    height: width
                    radius: width / 2
                    color: Theme.surface

                    Pictogram {
                        anchors.centerIn: parent
                        name: shot.modelData.fault === "" ? "check" : "cross"
                        size: 40 * Theme.unit
                        colour: shot.modelData.fault === "" ? Theme.good : Theme.bad
                    }
                }
            }
        }
    }

    footer: [
        QuietButton {
            // Who has enough to choose from finds it on the next page.
            visible: !page.model.enough
            text: Station.t("registration-photo-booth")
            action: "booth"
        },
        SecondaryButton {
            visible: page.model.enough
            text: Station.t("registration-take-choose")
            action: "choose"
        },
        PrimaryButton {
            text: Station.t(page.model.taking ? "registration-take-taking" : "registration-take-shutter")
            pictogram: "camera"
            action: "take"
            enabled: !page.model.taking
        }
    ]
}
