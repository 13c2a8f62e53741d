"""The cards that people carry: printed, signed and locked, as an office made them years ago."""

import base64
import secrets
from datetime import date
from functools import cached_property
from io import BytesIO
from pathlib import Path

import cv2
from PIL import Image

from common.domain.clock import Clock, office_day, system_clock
from common.equipment.card_face import card_face
from common.matching.finger_records import fmr_2005
from common.matching.fingers import FingerPosition, extract
from hardware.simulation.chip import SimulatedChip, blank_chip
from hardware.simulation.people import InventedPerson
from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA, AppletProfile
from hardware.smartcard.lds import ChipContent, FingerRecord
from hardware.smartcard.mrz import Mrz
from hardware.smartcard.personalisation import personalise
from hardware.smartcard.pki.sod import DocumentSigner
from hardware.smartcard.protocols.scp03_keys import FACTORY_TEST_KEYS
from office.authorities import authority_of, old_signer
from office.bench_client import BenchClient

THUMBS = (FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_THUMB)
ENROLLED_YEARS_AGO = 12
CHIP_PORTRAIT = (240, 308)
CHIP_PORTRAIT_BYTES = 16_000


class OldCards:
    """Makes the cards of years ago for the invented people of one office."""

    def __init__(self, folder: Path, clock: Clock = system_clock) -> None:
        self._folder = folder
        self._clock = clock

    def give(self, bench: BenchClient, who: InventedPerson, hands: str, *, has_pace: bool) -> str:
        """Put a person's card into hands; return its id.

        Its chip holds the portrait and the two thumbs as they were then: other presses and another
        moment than those of today. One without PACE is of the generation before, and opens with
        BAC.
        """
        content = content_of(who)
        can = f"{secrets.randbelow(10**6):06d}"
        memory = self._chip(who, content, STORE_DATA if has_pace else JMRTD, can)
        data = {"label": "old card", "chip": memory, "png": printed(content, can)}
        return bench.make("card", f"hand.{hands}", data)

    def _chip(
        self, who: InventedPerson, content: ChipContent, profile: AppletProfile, can: str
    ) -> dict[str, object]:
        is_new = profile is STORE_DATA
        memory = blank_chip(f"{0x0D00_0000 + who.seed:016X}", "store_data" if is_new else "jmrtd")
        chip = SimulatedChip(memory, lambda: None)
        personalise(
            chip,
            content,
            can if is_new else "",
            self._signer,
            authority_of(self._folder).cvca_certificates(),
            FACTORY_TEST_KEYS,
            profile,
            today=office_day(self._clock()),
            atr=chip.atr,
        )
        return memory

    @cached_property
    def _signer(self) -> DocumentSigner:
        return old_signer(self._folder, self._clock())


def printed(content: ChipContent, can: str) -> str:
    """The machine-readable side of a card, as the bench takes pictures."""
    png = BytesIO()
    card_face(content, can).save(png, "PNG")
    return base64.b64encode(png.getvalue()).decode()


def content_of(who: InventedPerson) -> ChipContent:
    """What the old card of a person says."""
    today = date(2026, 1, 1)
    return ChipContent(
        mrz=Mrz(
            document_number=f"P{who.seed:08d}",
            surname=who.surname.upper(),
            given_names=who.given_names.upper(),
            sex="F" if who.sex == "F" else "M",
            date_of_birth=who.date_of_birth,
            expiry=today.replace(year=today.year + 10),
            nationality="CHN",
            issuer="CHN",
        ),
        portrait_jpeg=_chip_portrait(who),
        fingers=tuple(_thumb(who, position) for position in THUMBS),
        chinese_name=who.chinese_name,
        personal_number=who.identity_number,
        place_of_birth=who.place_of_birth,
        address=who.address,
    )


def _thumb(who: InventedPerson, position: FingerPosition) -> FingerRecord:
    press = who.finger(int(position), ENROLLED_YEARS_AGO)
    template = extract(press, 500, position=position)
    return FingerRecord(int(position), fmr_2005.write(template))


def _chip_portrait(who: InventedPerson) -> bytes:
    picture = Image.fromarray(cv2.cvtColor(who.portrait(*CHIP_PORTRAIT), cv2.COLOR_BGR2RGB))
    for quality in range(85, 20, -5):
        jpeg = BytesIO()
        picture.save(jpeg, "JPEG", quality=quality)
        if len(jpeg.getvalue()) <= CHIP_PORTRAIT_BYTES:
            break
    return jpeg.getvalue()
