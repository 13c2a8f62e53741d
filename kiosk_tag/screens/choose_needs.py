"""What the person needs at the later stations: pictures to touch, none of which has to be."""

from common.domain.queue import Need
from common.ui.screen import Screen
from kiosk_tag.events import AskedForStaff, NeedsChosen, WentBack
from kiosk_tag.screens import HERE
from kiosk_tag.screens.choices import PATIENCE_S

_PICTURES = {
    Need.WHEELCHAIR: "wheelchair",
    Need.INTERPRETER: "language",
    Need.SIGN_LANGUAGE: "sign_language",
    Need.NO_FINGERPRINTS: "no_finger",
    Need.PRIORITY: "aged",
}


def choose_needs() -> Screen:
    """Return the screen; all that was touched leaves it together."""
    return Screen(
        HERE / "choose_needs.qml",
        {
            "needs": [
                {
                    "value": str(one),
                    "title": f"tag-needs-{one}",
                    "detail": "tag-needs-priority-detail" if one is Need.PRIORITY else "",
                    "pictogram": _PICTURES[one],
                }
                for one in Need
            ]
        },
        {
            "needs": _chosen,
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _chosen(names: str) -> NeedsChosen:
    found = {Need(name) for name in names.split()}
    return NeedsChosen(tuple(one for one in Need if one in found))


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": choose_needs()}
