"""What ends the program is asked once more."""

from common.flow.staff_words import TO_CONFIRM, Act, SaidYes, WentBack
from common.ui.screen import Screen
from common.ui.screens import HERE

PATIENCE_S = 30.0


def tend_confirm(act: Act) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "tend_confirm.qml",
        {"title_key": f"staff-confirm-{act}", "act_key": f"staff-act-{act}"},
        {"yes": lambda _: SaidYes(), "back": lambda _: WentBack()},
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {str(act): tend_confirm(act) for act in sorted(TO_CONFIRM)}
