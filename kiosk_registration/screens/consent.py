"""The notice on personal data, before anything is taken, with the other way beside it."""

from dataclasses import replace

from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, CannotGiveFingers, Consented
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import AskingConsent
from kiosk_registration.words import Offer

PATIENCE_S = 60.0


def consent(state: AskingConsent) -> Screen:
    """Return the screen; where this kiosk takes photographs, it says that too."""
    return Screen(
        HERE / "consent.qml",
        {
            "photograph": Offer.PHOTOGRAPH in state.case.offers,
            "no_fingers": state.case.gives_no_fingers,
        },
        {
            "agree": lambda _: Consented(),
            "no_fingers": lambda _: CannotGiveFingers(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    with_photograph = replace(CASE, offers=frozenset({Offer.PHOTOGRAPH}))
    return {
        "plain": consent(AskingConsent(CASE)),
        "photograph": consent(AskingConsent(with_photograph)),
        "no_fingers": consent(AskingConsent(replace(CASE, gives_no_fingers=True))),
    }
