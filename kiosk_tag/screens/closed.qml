import QtQuick
import QtQuick.Layouts
import Smartics

Page {
    id: page

    required property var model

    title: Station.t("tag-closed-title")
    subtitle: page.model.is_known ? Station.t("tag-closed-opens", page.model.opens) : Station.t("tag-closed-unknown")
    pictogram: "clock"

    BigNumber {
        visible: page.model.is_known
        text: page.model.is_known ? page.model.opens.hour : ""
        detail: page.model.is_known ? Station.t(page.model.opens.weekday.key) : ""
    }
    Banner {
        kind: "info"
        text: Station.t("tag-closed-detail")
    }
    Item {
        Layout.fillHeight: true
    }
}
