pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// What a kiosk tried of fingers and face, and which fingers are not given.
ColumnLayout {
    id: root

    required property var model
    property var more: []
    readonly property bool wasTried: model.tried.length > 0 || model.face_key !== "" || model.declined

    visible: wasTried || more.length > 0 || model.excepted.length > 0
    Layout.fillWidth: true
    spacing: Theme.xs

    function line(tried) {
        if (tried.excepted)
            return Station.t("booth-tried-excepted", {
                finger: Station.t(tried.finger_key)
            });
        const key = tried.matched ? "booth-tried-matched" : "booth-tried-not-matched";
        const said = Station.t(key, {
            finger: Station.t(tried.finger_key),
            tries: tried.tries,
            quality: tried.quality
        });
        return [said, ...tried.advice_keys.map(name => Station.t(name))].join(" ");
    }

    Words {
        visible: root.wasTried
        text: Station.t("booth-tried-title")
        font.weight: Font.Bold
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    Note {
        text: root.model.declined ? Station.t("booth-tried-declined") : ""
        visible: text !== ""
    }
    Repeater {
        model: root.model.tried

        Note {
            required property var modelData
            text: root.line(modelData)
        }
    }
    Note {
        visible: text !== ""
        text: root.model.face_key === "" ? "" : Station.t(root.model.face_key)
    }
    Repeater {
        model: root.model.excepted

        Note {
            required property var modelData
            text: Station.t("booth-excepted-line", {
                finger: Station.t(modelData.finger_key),
                why: Station.t(modelData.why_key)
            })
            color: Theme.warn
        }
    }
    Repeater {
        model: root.more

        Note {
            required property string modelData
            text: modelData
            color: Theme.warn
        }
    }
}
