"""Asks the centre who calls staff, and tells it that an officer goes."""

import logging

from booth.calls import Call, calls_of
from booth.duties.shared import Note
from booth.work.tools import NobodySignedInError, Tools, note_of_refusal
from common.sync.client import BackendUnreachableError, RefusedError

logger = logging.getLogger(__name__)

Heard = tuple[tuple[Call, ...] | None, Note | None]
"""The calls, or None where nobody said; and what went wrong."""


def look(tools: Tools) -> Heard:
    """Ask who calls staff in this office."""
    station = tools.station
    try:
        live = station.client.office_live(station.config.office)
    except BackendUnreachableError:
        return None, Note.UNREACHABLE
    except RefusedError as refusal:
        logger.warning("nobody says who calls staff: %s", refusal.problem)
        return None, note_of_refusal(refusal)
    return calls_of(live.stations), None


def go(tools: Tools, call: Call) -> Heard:
    """Say that the officer goes, and look again."""
    try:
        tools.station.client.attended(call.station, call.called_at, tools.signed_in.token)
    except BackendUnreachableError:
        return None, Note.UNREACHABLE
    except NobodySignedInError:
        return None, Note.SESSION_ENDED
    except RefusedError as refusal:
        logger.warning("an answer to a call was refused: %s", refusal.problem)
        return look(tools)[0], note_of_refusal(refusal)
    return look(tools)
