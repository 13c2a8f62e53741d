import QtQuick

// What to do better, with a drawing of its cause: press_harder, too_dry, no_face and so on.
Banner {
    property string cause
    property string otherwise: "warning"
    readonly property var drawn: ["press_harder", "press_lighter", "too_dry", "too_wet", "move_to_middle", "not_a_finger", "nobody", "no_face", "unlike", "flat", "too_dark", "closer", "hold_still"]

    kind: "warn"
    pictogram: drawn.includes(cause) ? "advice_" + cause : otherwise
    large: drawn.includes(cause)
}
