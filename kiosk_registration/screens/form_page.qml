pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// One page of the form: one or two fields, and the pad of the field that is being filled in. With large
// letters the fields come one after the other, so that the pad is whole.
Page {
    id: page

    required property var model
    property var typed: ({})
    property int at: 0
    property string kept: ""
    readonly property bool single: Station.scale > 1.3
    readonly property bool rests: resting.running
    readonly property bool last: !single || at === model.fields.length - 1
    readonly property var shown: single ? model.fields.slice(at, at + 1) : model.fields
    readonly property var choices: model.fields.filter(one => one.pad === "choice")
    readonly property var entries: model.fields.filter(one => one.pad !== "choice")
    readonly property bool pair: !single && entries.length > 1
    readonly property var field: model.fields[at]
    readonly property bool listing: field.pad === "district"
    readonly property bool whole: !model.required || filled(single ? shown : model.fields)
    readonly property string wrong: Station.error && ["date", "digits"].includes(field.pad) ? Station.t("bench-error-" + field.pad) : ""

    function filled(fields: var): bool {
        return fields.every(one => one.optional || (typed[one.name] ?? "") !== "");
    }
    function put(name: string, text: string) {
        const next = Object.assign({}, typed);
        next[name] = text;
        typed = next;
        saving.restart();
    }
    function keep() {
        const now = JSON.stringify(typed);
        if (model.saves && now !== kept)
            Station.note("keep", now);
        kept = now;
    }
    function choose(index: int) {
        keep();
        at = index;
        const text = typed[field.name] ?? "";
        letters.value = text;
        digits.value = text;
    }
    function turn(by: int) {
        choose(at + by);
        resting.restart();
    }
    function pretty(one: var): string {
        const text = typed[one.name] ?? "";
        if (one.pad === "district")
            return text === "" ? "" : Station.t("bench-district-" + slug(text));
        if (one.pad !== "date")
            return text;
        return [text.slice(0, 2), text.slice(2, 4), text.slice(4)].filter(part => part !== "").join(" / ");
    }

    function slug(district: string): string {
        return district.toLowerCase().replace(/ /g, "_");
    }

    title: Station.t(single ? "papers-form-" + field.name : "bench-page-" + model.page)
    subtitle: {
        if (single && wrong !== "")
            return wrong;
        // Above the content every line of the head is one less for the pad.
        if (single && !Theme.aside)
            return "";
        return Station.t(model.lead !== "" ? model.lead : "bench-form-" + model.kind);
    }
    pictogram: "form"
    step: model.step
    steps: model.pages

    Component.onCompleted: {
        const all = {};
        for (const one of model.fields)
            all[one.name] = one.value;
        typed = all;
        kept = JSON.stringify(all);
        choose(0);
    }

    // The second half of a double tap on "next" was not meant for the next field.
    Timer {
        id: resting
        objectName: "resting"
        interval: 350
    }
    Timer {
        id: saving
        interval: 1200
        onTriggered: page.keep()
    }
    Districts {
        visible: page.listing
        areas: page.listing ? page.field.areas : []
        value: page.typed["district"] ?? ""
        onChosen: district => {
            page.put("district", district);
            if (!page.single)
                page.choose(0);
        }
    }

    Repeater {
        model: page.choices

        Choices {
            required property var modelData
            key: "papers-form-" + modelData.name
            visible: !page.single || modelData.name === page.field.name
            bare: page.single
            values: modelData.choices
            value: page.typed[modelData.name] ?? ""
            onChosen: choice => page.put(modelData.name, choice)
        }
    }
    GridLayout {
        readonly property bool touched: page.pair
        visible: page.entries.length > 0 && !page.listing
        Layout.fillWidth: true
        columns: Theme.aside ? 2 : 1
        columnSpacing: Theme.m
        rowSpacing: Theme.s
        uniformCellWidths: page.pair && !page.entries.some(one => one.pad === "district")

        Repeater {
            model: page.entries

            EntryField {
                required property var modelData
                visible: !page.single || modelData.name === page.field.name
                Layout.fillHeight: page.pair
                Layout.maximumWidth: modelData.pad === "district" && Theme.aside ? 430 * Theme.unit : Number.POSITIVE_INFINITY
                label: Station.t("papers-form-" + modelData.name)
                hint: Station.t("bench-hint-" + modelData.pad)
                value: page.pretty(modelData)
                active: page.field.name === modelData.name
                bare: page.single
                error: active ? page.wrong : ""
                onChosen: page.choose(page.model.fields.findIndex(one => one.name === modelData.name))
            }
        }
    }
    Item {
        visible: !page.listing && page.field.pad !== "letters"
        Layout.fillHeight: true
    }
    LetterPad {
        id: letters
        visible: page.field.pad === "letters"
        maximum: page.field.maximum
        onTyped: page.put(page.field.name, value)
    }
    NumberPad {
        id: digits
        visible: page.field.pad === "digits" || page.field.pad === "date"
        maximum: page.field.maximum
        onTyped: page.put(page.field.name, value)
    }

    footer: [
        QuietButton {
            visible: page.model.skips
            text: Station.t("registration-gap-leave")
            action: "leave"
        },
        SecondaryButton {
            visible: page.model.back || (page.single && page.at > 0)
            text: Station.t("common-back")
            action: page.rests || (page.single && page.at > 0) ? "" : "back"
            onClicked: if (!page.rests && page.single && page.at > 0)
                page.turn(-1)
        },
        PrimaryButton {
            text: Station.t("common-next")
            action: page.last && !page.rests ? "page" : ""
            value: JSON.stringify(page.typed)
            enabled: page.whole
            onClicked: if (!page.rests && !page.last)
                page.turn(1)
        }
    ]
}
