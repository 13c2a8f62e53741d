"""Where shall notices go? The number of the form stands there already.

They are written in the language of the screen: nobody is asked for it twice.
"""

import json

from common.domain.contact import ContactError, mobile_number
from common.domain.language import office_language
from common.ui.screen import Screen
from kiosk_registration.events import AskedForStaff, MobileDeclined, MobileGiven
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import AskingMobile
from kiosk_registration.words import Contact

PATIENCE_S = 90.0
HOME = "+852"


def ask_mobile(state: AskingMobile) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "ask_mobile.qml",
        {"mobile": _known(state.case.particulars.telephone)},
        {
            "send": _given,
            "skip": lambda language: MobileDeclined(office_language(language)),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _given(text: str) -> MobileGiven:
    """Read number and language; ValueError lets the screen say what is wrong."""
    found = json.loads(text)
    return MobileGiven(Contact(mobile_number(found["mobile"]), office_language(found["language"])))


def _known(telephone: str) -> str:
    try:
        return mobile_number(telephone).removeprefix(HOME).removeprefix("+")
    except ContactError:
        return ""


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    return {"plain": ask_mobile(AskingMobile(CASE))}
