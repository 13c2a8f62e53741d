"""There is no form to fill in here, or staff go on: the screen says which."""

from common.ui.screen import Screen
from common.ui.staff_calls import told
from kiosk_registration.bench_flow import Finished, NoForm
from kiosk_registration.screens import BENCH_SIZE, HERE

SIZE = BENCH_SIZE
STAFF = "staff"
_PICTURES: dict[str, str] = {
    NoForm.UNREADABLE: "slip",
    NoForm.UNKNOWN: "slip",
    NoForm.OTHER_DAY: "ticket",
}


def bench_notice(reason: str) -> Screen:
    """Return the screen; reason is a NoForm or STAFF."""
    return Screen(
        HERE / "bench_notice.qml",
        {"reason": str(reason), "picture": _PICTURES.get(reason, "hand_off")},
        {"done": lambda _: Finished()},
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {
        **{str(reason): bench_notice(reason) for reason in (*NoForm, STAFF)},
        "staff_told": told(bench_notice(STAFF)),
    }
