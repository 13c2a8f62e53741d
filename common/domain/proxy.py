"""Who may collect a new card in its holder's place, and with which papers."""

from datetime import date
from enum import StrEnum

from common.domain.age import years_old
from common.domain.biometrics import WITH_PARENT_UNDER


class ProxyPaper(StrEnum):
    """By what somebody may collect for another.

    Attributes:
        FORM: The authorisation form ID 678, signed by the holder; LETTER: the same in own words.
        BIRTH_CERTIFICATE: The holder's, which names this parent; GUARDIANSHIP: the legal guardian's
            proof. Both are for a holder under 18.
    """

    FORM = "form"
    LETTER = "letter"
    BIRTH_CERTIFICATE = "birth_certificate"
    GUARDIANSHIP = "guardianship"


OF_PARENTS = frozenset({ProxyPaper.BIRTH_CERTIFICATE, ProxyPaper.GUARDIANSHIP})


class ProxyDocument(StrEnum):
    """The proxy's own proof of identity."""

    IDENTITY_CARD = "identity_card"
    TRAVEL_DOCUMENT = "travel_document"
    OTHER_OFFICIAL = "other_official"


class ProxyObjection(StrEnum):
    """Why nobody with this paper may collect for this holder."""

    PARENT_NEEDED = "parent_needed"
    NOT_A_MINOR = "not_a_minor"
    HOLDER_MUST_COME = "holder_must_come"


def objection(
    paper: ProxyPaper, born: date | None, *, enrolled: bool, day: date
) -> ProxyObjection | None:
    """Say what stands against it, if anything.

    An adult of whom no finger was taken comes in person: what a proxy collects is activated with
    face and finger, and that could never be done.
    """
    if born is None:
        return ProxyObjection.HOLDER_MUST_COME
    is_minor = years_old(born, day) < WITH_PARENT_UNDER
    if paper in OF_PARENTS:
        return None if is_minor else ProxyObjection.NOT_A_MINOR
    if is_minor:
        return ProxyObjection.PARENT_NEEDED
    return None if enrolled else ProxyObjection.HOLDER_MUST_COME
