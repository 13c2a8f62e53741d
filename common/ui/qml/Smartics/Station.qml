pragma Singleton
import QtQml

// What every screen may ask of the station. The window fills it in.
QtObject {
    property var bridge: null
    property int revision: 0

    property string language: "en"
    property var languages: ["en"]
    property var moreLanguages: []
    property bool listsLanguages: false
    property bool mirrored: false
    property string title: ""
    property bool open: true
    property real width: 1080
    property real height: 1920
    property bool still: false

    property real scale: 1
    property bool contrast: false
    property bool low: false
    property bool error: false
    property bool canCallStaff: false
    property bool canEnterStaff: false
    property var calls: ({})
    property int countdown: 0
    property bool captions: false
    property string caption: ""

    property string source: ""
    property var model: ({})
    property bool keeps: false

    // The text for a key in the present language; values fill its gaps.
    function t(key, values) {
        if (revision < 0 || !bridge)
            return key;
        const filled = {};
        for (const name in values)
            filled[name] = said(values[name]);
        return bridge.text(key, filled);
    }

    // A value that is a text itself, by its key or in each language (common/ui/moments.py).
    function said(value) {
        if (value && value.key !== undefined)
            return t(value.key, value.values);
        if (value && value.by_language !== undefined)
            return value.by_language[language] ?? "";
        return value;
    }

    // Hands the flow what was typed so far, so that it is kept.
    function note(name, value) {
        if (bridge)
            bridge.note(name, String(value));
    }

    // Hands a touch to the flow.
    function act(name, value) {
        if (bridge)
            bridge.act(name, value === undefined || value === null ? "" : String(value));
    }
}
