"""The form is whole: the person, or who answers for a child, declares that it is true."""

from common.ui.screen import Screen
from kiosk_registration.bench_flow import AskedForStaff, Declared, Declaring, Form, WentBack
from kiosk_registration.form import FormKind
from kiosk_registration.screens import BENCH_SIZE, HERE
from kiosk_registration.screens.samples import CASE, DAY, PARTICULARS

SIZE = BENCH_SIZE
PATIENCE_S = 180.0


def bench_declare(state: Declaring) -> Screen:
    """Return the screen. Below 18 a parent or guardian declares."""
    return Screen(
        HERE / "bench_declare.qml",
        {"guardian": state.form.kind is not FormKind.ADULT},
        {
            "declare": lambda _: Declared(),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    born = DAY.replace(year=DAY.year - 12)
    young = PARTICULARS.model_copy(update={"date_of_birth": born})
    return {
        "own": bench_declare(Declaring(Form(CASE.case_id, CASE.number, PARTICULARS, DAY))),
        "guardian": bench_declare(Declaring(Form(CASE.case_id, CASE.number, young, DAY))),
    }
