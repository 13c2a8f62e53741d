pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Smartics

// One page of the form: one or two fields, and the pad of the field that is being filled in.
Page {
    id: page

    required property var model
    property var typed: ({})
    property int active: 0
    readonly property var field: model.fields[active]
    readonly property bool whole: !model.required || model.fields.every(one => one.optional || (typed[one.name] ?? "") !== "")

    function put(name: string, text: string) {
        const next = Object.assign({}, typed);
        next[name] = text;
        typed = next;
    }
    function choose(index: int) {
        active = index;
        const text = typed[field.name] ?? "";
        letters.value = text;
        digits.value = text;
    }
    function pretty(one: var): string {
        const text = typed[one.name] ?? "";
        if (one.pad !== "date")
            return text;
        return [text.slice(0, 2), text.slice(2, 4), text.slice(4)].filter(part => part !== "").join(" / ");
    }

    title: Station.t("bench-page-" + model.page)
    subtitle: Station.t("bench-page-subtitle")
    pictogram: "form"
    step: model.page + 1
    steps: model.pages

    Component.onCompleted: {
        const all = {};
        for (const one of model.fields)
            all[one.name] = one.value;
        typed = all;
        choose(Math.max(0, model.fields.findIndex(one => one.pad !== "choice")));
    }

    Repeater {
        model: page.model.fields

        ColumnLayout {
            id: row
            required property var modelData
            required property int index
            readonly property bool raised: entry.visible
            Layout.fillWidth: true
            visible: modelData.pad === "choice"

            ChoiceRow {
                label: Station.t("papers-form-" + row.modelData.name)
                options: row.modelData.choices.map(choice => ({
                            value: choice,
                            text: Station.t("papers-form-" + row.modelData.name + "-" + choice)
                        }))
                value: page.typed[row.modelData.name] ?? ""
                onChosen: choice => page.put(row.modelData.name, choice)
            }
            Item {
                id: entry
                visible: false
            }
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columns: Theme.aside ? 2 : 1
        columnSpacing: Theme.m
        rowSpacing: Theme.s
        uniformCellWidths: true

        Repeater {
            model: page.model.fields

            EntryField {
                id: entryField
                required property var modelData
                required property int index
                visible: modelData.pad !== "choice"
                label: Station.t("papers-form-" + modelData.name)
                hint: Station.t("bench-hint-" + modelData.pad)
                value: page.pretty(modelData)
                active: page.active === index
                error: Station.error && ["date", "digits"].includes(modelData.pad) ? Station.t("bench-error-" + modelData.pad) : ""
                onChosen: page.choose(index)
            }
        }
    }
    Item {
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
