import Smartics

// What the officer is told.
Banner {
    required property var model

    kind: model.note_kind
    text: model.note_key === "" ? "" : Station.t(model.note_key)
}
