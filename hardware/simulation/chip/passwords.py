"""What a wrong password costs: waiting for those on the document, the end for the PIN."""

from hardware.simulation.chip.answers import SW
from hardware.simulation.chip.memory import DOCUMENT, PIN, PIN_TRIES
from hardware.simulation.chip.session import Session

FREE_FAILURES = 2
LONGEST_WAIT_S = 10.0


def wait_for(session: Session) -> None:
    """Let time pass before a password is judged: longer with each failure, without end.

    MRZ and CAN must never block (ICAO Doc 9303-11 clause 4.4: anybody could block a document),
    so guessing is made slow instead.
    """
    failures = session.store.failures(DOCUMENT) - FREE_FAILURES
    if failures >= 0:
        session.wait(min(0.5 * 2.0 ** min(failures, 10), LONGEST_WAIT_S))


def fail(session: Session, password: str) -> int:
    """Count a wrong password and return the status word that tells it."""
    if password != PIN:
        session.store.count_failure(DOCUMENT)
        return SW.NOT_AUTHENTICATED
    left = max(PIN_TRIES - session.store.count_failure(PIN), 0)
    return SW.PASSWORD_SUSPECT | left


def succeed(session: Session, password: str) -> None:
    """Forget the failures."""
    session.store.forget_failures(PIN if password == PIN else DOCUMENT)
