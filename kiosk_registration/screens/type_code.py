"""The code of the text message is typed in; or another one is asked for, or the check is left."""

import re

from common.domain.language import Language
from common.ui.screen import Screen
from common.wire.mobile import CODE_DIGITS
from kiosk_registration.events import (
    AskedForStaff,
    CodeAskedAgain,
    CodeTyped,
    MobileDeclined,
    WentBack,
)
from kiosk_registration.screens import HERE
from kiosk_registration.screens.samples import CASE
from kiosk_registration.states import TypingCode
from kiosk_registration.words import CodeTrouble, Contact

PATIENCE_S = 120.0
SHOWN_DIGITS = 2
"""Others may look on: only the end of the number is shown, enough to see a slip of the finger."""


def type_code(state: TypingCode) -> Screen:
    """Return the screen."""
    return Screen(
        HERE / "type_code.qml",
        {
            "ending": state.contact.mobile[-SHOWN_DIGITS:],
            "digits": CODE_DIGITS,
            "trouble": str(state.trouble or ""),
        },
        {
            "code": _typed,
            "again": lambda _: CodeAskedAgain(),
            "other": lambda _: WentBack(),
            "skip": lambda _: MobileDeclined(state.contact.language),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _typed(text: str) -> CodeTyped:
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", text):
        raise ValueError("no code")
    return CodeTyped(text)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    contact = Contact("+85255550123", Language.ENGLISH)
    return {
        "plain": type_code(TypingCode(CASE, contact)),
        "wrong": type_code(TypingCode(CASE, contact, CodeTrouble.WRONG)),
        "too_old": type_code(TypingCode(CASE, contact, CodeTrouble.TOO_OLD)),
    }
