"""The office's answers about offices, old cards and mobile numbers, or that there are none now."""

import logging
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.booking import Offices
from common.wire.mobile import MobileCheck, MobileChecked, MobileCodeRequest, MobileCodeSent
from common.wire.old_card import OldCardAsked, OldCardStanding
from kiosk_registration import events as e
from kiosk_registration import tasks as t
from kiosk_registration.words import CodeTrouble, Contact, OfficeChoice

logger = logging.getLogger(__name__)

_LOST = (BackendUnreachableError, RefusedError)
_REFUSED = {
    "too_many_codes": CodeTrouble.TOO_MANY,
    "too_many_tries": CodeTrouble.TOO_MANY,
    "no_code": CodeTrouble.TOO_OLD,
    "no_sms": CodeTrouble.NO_MESSAGES,
}


class Backend(Protocol):
    """What is asked; the station's BackendClient answers."""

    def look_at_old_card(self, case_id: UUID, asked: OldCardAsked) -> OldCardStanding:
        """Ask how a card stands."""
        ...

    def offices(self) -> Offices:
        """Fetch the offices."""
        ...

    def send_mobile_code(self, case_id: UUID, request: MobileCodeRequest) -> MobileCodeSent:
        """Have a code sent."""
        ...

    def check_mobile_code(self, case_id: UUID, request: MobileCheck) -> MobileChecked:
        """Check a code."""
        ...


@dataclass
class ContactDesk:
    """Asks the office; home is the code of this one. A list fetched before outlives the line."""

    client: Backend
    home: str
    _offices: tuple[OfficeChoice, ...] = field(default=(), init=False)

    def look_at_card(self, task: t.AskAboutCard) -> e.Event:
        """Tell how the card stands; nobody can say without the line."""
        asked = OldCardAsked(chip_serial=task.chip_serial, date_of_birth=task.date_of_birth)
        try:
            return e.CardStands(self.client.look_at_old_card(task.case_id, asked))
        except _LOST as error:
            logger.warning("nobody tells how a card stands: %s", error)
            return e.CardStands(OldCardStanding())

    def offices(self) -> e.Event:
        """Tell the offices, this one first."""
        try:
            found = self.client.offices().offices
        except _LOST as error:
            logger.warning("no list of offices: %s", error)
            return e.OfficesFound(self._offices)
        here_first = sorted(found, key=lambda office: (office.code != self.home, office.code))
        self._offices = tuple(
            OfficeChoice(
                office.code,
                tuple(office.name.items()),
                tuple(office.address.items()),
                is_here=office.code == self.home,
            )
            for office in here_first
        )
        return e.OfficesFound(self._offices)

    def send_code(self, case_id: UUID, contact: Contact) -> e.Event:
        """Have a code sent."""
        try:
            asked = MobileCodeRequest(mobile=contact.mobile, language=contact.language)
            self.client.send_mobile_code(case_id, asked)
        except _LOST as error:
            return e.CodeNotSent(_trouble(error))
        return e.CodeSent()

    def check_code(self, case_id: UUID, contact: Contact, code: str) -> e.Event:
        """Check a code that was typed."""
        asked = MobileCheck(mobile=contact.mobile, language=contact.language, code=code)
        try:
            told = self.client.check_mobile_code(case_id, asked)
        except _LOST as error:
            return e.CodeNotRight(_trouble(error))
        if told.right:
            return e.CodeRight()
        return e.CodeNotRight(CodeTrouble.WRONG if told.tries_left else CodeTrouble.TOO_OLD)


def _trouble(error: Exception) -> CodeTrouble:
    # The words of the error may hold no number and no code, yet only its kind is told.
    logger.warning("a mobile number is not checked: %s", type(error).__name__)
    problem = error.problem if isinstance(error, RefusedError) else ""
    return _REFUSED.get(problem, CodeTrouble.NO_CONNECTION)
