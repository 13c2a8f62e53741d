pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// One page of the form: one or two fields, and the pad of the field that is being filled in.
Page {
    id: page

    required property var model
    property var typed: ({})
    readonly property var choices: model.fields.filter(one => one.pad === "choice")
    readonly property var entries: model.fields.filter(one => one.pad !== "choice")
    readonly property var none: ({
            name: "",
            pad: "",
            maximum: 0
        })
    property var field: entries[0] ?? none
    property string kept: ""
    property bool listing: false
    readonly property string active: field.name
    readonly property bool whole: !model.required || model.fields.every(one => one.optional || (typed[one.name] ?? "") !== "")

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
    function choose(one: var) {
        keep();
        if (one.pad === "district") {
            listing = true;
            return;
        }
        field = one;
        const text = typed[one.name] ?? "";
        letters.value = text;
        digits.value = text;
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

    title: Station.t("bench-page-" + model.page)
    subtitle: Station.t(model.saves ? "bench-form-" + model.kind : "bench-page-subtitle")
    pictogram: "form"
    step: model.step
    steps: model.pages

    Component.onCompleted: {
        const all = {};
        for (const one of model.fields)
            all[one.name] = one.value;
        typed = all;
        kept = JSON.stringify(all);
        choose(entries[0] ?? none);
    }

    Timer {
        id: saving
        interval: 1200
        onTriggered: page.keep()
    }
    Districts {
        visible: page.listing
        areas: page.listing ? (page.entries.find(one => one.pad === "district") ?? page.none).areas : []
        value: page.typed["district"] ?? ""
        onChosen: district => {
            page.listing = false;
            page.put("district", district);
        }
    }

    Repeater {
        model: page.choices

        Choices {
            required property var modelData
            key: "papers-form-" + modelData.name
            values: modelData.choices
            value: modelData.value
            onChosen: choice => page.put(modelData.name, choice)
        }
    }
    GridLayout {
        readonly property bool touched: page.entries.length > 1
        visible: page.entries.length > 0 && !page.listing
        Layout.fillWidth: true
        columns: Theme.aside ? 2 : 1
        columnSpacing: Theme.m
        rowSpacing: Theme.s
        uniformCellWidths: !page.entries.some(one => one.pad === "district")

        Repeater {
            model: page.entries

            EntryField {
                required property var modelData
                Layout.fillHeight: true
                Layout.maximumWidth: modelData.pad === "district" && Theme.aside ? 430 * Theme.unit : Number.POSITIVE_INFINITY
                label: Station.t("papers-form-" + modelData.name)
                hint: Station.t("bench-hint-" + modelData.pad)
                value: page.pretty(modelData)
                active: page.active === modelData.name
                error: Station.error && ["date", "digits"].includes(modelData.pad) ? Station.t("bench-error-" + modelData.pad) : ""
                onChosen: page.choose(modelData)
            }
        }
    }
    Item {
        visible: !page.listing && page.field.pad !== "letters"
        Layout.fillHeight: true
    }
    LetterPad {
        id: letters
        visible: page.field.pad === "letters" && !page.listing
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
        SecondaryButton {
            visible: page.model.back
            text: Station.t("common-back")
            action: "back"
        },
        PrimaryButton {
            text: Station.t("common-next")
            action: "page"
            value: JSON.stringify(page.typed)
            enabled: page.whole
        }
    ]
}
