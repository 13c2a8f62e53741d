"""What an officer's desk has to work with, and how its troubles are named."""

from collections.abc import Callable
from dataclasses import dataclass, field

from booth.duties.shared import Note
from common.domain.card_problem import CardProblem
from common.equipment.cabinet import SlotDesk
from common.equipment.cards import CardUnreadable
from common.equipment.encoder import Encoder
from common.equipment.fingers import FingerDesk
from common.equipment.hands import HandCamera
from common.equipment.portraits import PortraitDesk
from common.station.station import Station
from common.sync.client import RefusedError
from common.wire.shapes import OfficerSession
from hardware.camera.interface import Pixels
from hardware.core.errors import (
    BadReplyError,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    DeviceFaultError,
    DeviceTimeoutError,
)
from hardware.core.keeper import Keeper
from hardware.printer.interface import FormPrinter

FLUSH_S = 10.0
"""How long a command waits for the facts before it to be sent."""
REFRESH_S = 2.0
"""How long a look at a case waits for them."""

_REFUSALS = {
    "same_officer": Note.SAME_OFFICER,
    "not_complete": Note.NOT_COMPLETE,
    "called_elsewhere": Note.CALLED_ELSEWHERE,
    "not_called": Note.NOT_CALLED,
    "wrong_sign_in": Note.WRONG_SIGN_IN,
    "too_many_tries": Note.TOO_MANY_TRIES,
    "confirm_again": Note.CONFIRM_AGAIN,
    "session_ended": Note.SESSION_ENDED,
    "sign_in_needed": Note.SESSION_ENDED,
    "role_needed": Note.NOT_ALLOWED,
    "version": Note.CHANGED_MEANWHILE,
    "not_submitted": Note.CHANGED_MEANWHILE,
    "not_stored": Note.NO_CARD_YET,
    "recipient_unproven": Note.RECIPIENT_UNPROVEN,
    "second_officer_needed": Note.RECIPIENT_UNPROVEN,
    "number_wrong": Note.NUMBER_WRONG,
}
_FAULTS = {
    "empty": Note.FEEDER_EMPTY,
    "full": Note.BIN_FULL,
    "jam": Note.CARD_JAMMED,
    "card_error": Note.CHIP_FAULTY,
}

_PROBLEMS = {
    CardProblem.ZONE_UNREADABLE: Note.ZONE_UNREADABLE,
    CardProblem.CHIP_SILENT: Note.CARD_UNREADABLE,
    CardProblem.DOUBTFUL: Note.CARD_DOUBTFUL,
    CardProblem.NOT_VALID: Note.CARD_NOT_VALID,
    CardProblem.FOREIGN: Note.CARD_FOREIGN,
}


class NobodySignedInError(Exception):
    """A task of an officer came when no officer was signed in."""


@dataclass
class Tools:
    """The equipment and the station of one desk.

    fingers is None where the desk has no scanner.
    officer changes when an officer signs in or out; a task takes the one of its beginning.
    """

    station: Station
    portraits: PortraitDesk
    encoder: Encoder
    cabinet: SlotDesk
    form_printer: Keeper[FormPrinter]
    card_printer: Keeper[FormPrinter]
    render_pdf: Callable[[str], bytes]
    show: Callable[[Pixels], None]
    hands: HandCamera = field(default_factory=HandCamera)
    fingers: FingerDesk | None = None
    officer: OfficerSession | None = None

    @property
    def signed_in(self) -> OfficerSession:
        """The officer at work.

        Raises:
            NobodySignedInError: There is none.
        """
        if self.officer is None:
            raise NobodySignedInError
        return self.officer

    def cabinet_location(self) -> str:
        """The e-Cabinet of this desk, as custody facts name it."""
        return f"{self.station.config.name}.cabinet"


def note_of_refusal(refusal: RefusedError) -> Note:
    """Say in the desk's words why the centre said no."""
    return _REFUSALS.get(refusal.problem, Note.REFUSED)


def note_of_card(card: CardUnreadable) -> Note:
    """Say in the desk's words what is the matter with a card."""
    return _PROBLEMS[card.problem]


def note_of_fault(error: DeviceError) -> Note:
    """Say in the desk's words what is the matter with a device."""
    match error:
        case DeviceFaultError(reason=reason):
            return _FAULTS.get(reason, Note.DEVICE_FAULT)
        case DeviceAbsentError() | DeviceBusyError():
            return Note.DEVICE_ABSENT
        case DeviceTimeoutError() | BadReplyError():
            return Note.DEVICE_FAULT
        case _:
            return Note.UNFORESEEN
