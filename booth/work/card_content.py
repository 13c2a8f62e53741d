"""What a case becomes on the chip of its card."""

import re
import unicodedata
from datetime import date

from common.domain.identity_number import IdentityNumber
from common.wire.shapes import CaseView
from hardware.smartcard.lds import ChipContent, FingerRecord
from hardware.smartcard.mrz import Mrz

VALID_YEARS = 10
ISSUER = "CHN"
_STATES = {"CHINESE": "CHN"}
_LONGEST_STATE = 3


def chip_content(case: CaseView, today: date) -> ChipContent:
    """Return the content of the card's chip; the same case gives the same content on one day.

    Raises:
        ValueError: The case lacks what a card must say.
    """
    form = case.particulars
    if form.date_of_birth is None or case.portrait is None:
        raise ValueError("the case has no date of birth or no portrait")
    number = IdentityNumber.parse(case.identity_number)
    return ChipContent(
        mrz=Mrz(
            document_number=f"{number.prefix}{number.digits}{number.check_digit}",
            surname=zone_letters(form.surname),
            given_names=zone_letters(form.given_names),
            sex=form.sex or "X",
            date_of_birth=form.date_of_birth,
            expiry=_years_later(today, VALID_YEARS),
            nationality=_state(form.nationality),
            issuer=ISSUER,
        ),
        portrait_jpeg=case.portrait,
        fingers=tuple(FingerRecord(f.position, f.template) for f in case.fingers),
        chinese_name=form.chinese_name,
        personal_number=str(number),
        place_of_birth=form.place_of_birth,
        address=form.address,
    )


def zone_letters(name: str) -> str:
    """Spell a name with the letters that the machine-readable zone has: A to Z and blanks."""
    plain = unicodedata.normalize("NFKD", name.upper())
    return " ".join(re.sub(r"[^A-Z]+", " ", re.sub(r"[\u0300-\u036f']", "", plain)).split())


def _state(nationality: str) -> str:
    letters = re.sub(r"[^A-Z]", "", nationality.upper())
    return _STATES.get(letters, letters[:_LONGEST_STATE]) or "XXX"


def _years_later(day: date, years: int) -> date:
    # 29 February becomes 28 February where the year has none.
    return day.replace(year=day.year + years, day=min(day.day, 28))
