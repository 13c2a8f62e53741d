pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// One thing for the officer to do, with the ways on from here.
DeskPage {
    id: page

    required property var model

    title: Station.t(model.title_key)

    NoteBanner {
        model: page.model
    }
    BigNumber {
        visible: page.model.number !== ""
        text: page.model.number
        detail: page.model.number_key === "" ? "" : Station.t(page.model.number_key)
    }
    Card {
        RowLayout {
            spacing: Theme.l

            Rectangle {
                Layout.preferredWidth: 190 * Theme.unit
                Layout.preferredHeight: 190 * Theme.unit
                radius: width / 2
                color: Theme.soft

                Pictogram {
                    anchors.centerIn: parent
                    name: page.model.pictogram
                    size: 104 * Theme.unit
                }
            }
            Heading {
                text: Station.t(page.model.detail_key)
            }
        }
    }
    Item {
        Layout.fillHeight: true
    }

    footer: Repeater {
        model: page.model.buttons

        ActButton {
            required property var modelData
            Layout.fillWidth: false
            text: Station.t(modelData.text_key)
            action: modelData.action
            value: modelData.value
            strong: modelData.strong
        }
    }
}
