"""Signs officers in and out at the centre."""

import logging
from typing import assert_never

from pydantic import ValidationError

from booth.door import SignedIn, SignIn, SignInFailed, SignOut, Task
from booth.duties.shared import Note
from booth.work.tools import Tools, note_of_refusal
from common.sync.client import BackendUnreachableError, RefusedError
from common.wire.shapes import SignInRequest

logger = logging.getLogger(__name__)


def perform(tools: Tools, task: Task) -> SignedIn | SignInFailed | None:
    """Do one task of the door. The tools carry the new session before the screen shows it."""
    match task:
        case SignIn(officer_id, password):
            return _sign_in(tools, officer_id, password)
        case SignOut(token):
            tools.officer = None
            _sign_out(tools, token)
            return None
        case _:
            assert_never(task)


def _sign_in(tools: Tools, officer_id: str, password: str) -> SignedIn | SignInFailed:
    try:
        request = SignInRequest(officer_id=officer_id.strip(), password=password)
    except ValidationError:
        return SignInFailed(Note.WRONG_SIGN_IN)
    try:
        session = tools.station.client.sign_in(request)
    except BackendUnreachableError as error:
        logger.warning("no answer to a sign-in: %s", error)
        return SignInFailed(Note.UNREACHABLE)
    except RefusedError as refusal:
        return SignInFailed(note_of_refusal(refusal))
    tools.officer = session
    return SignedIn(session)


def _sign_out(tools: Tools, token: str) -> None:
    try:
        tools.station.client.sign_out(token)
    except (BackendUnreachableError, RefusedError) as error:
        # The session ends by itself with the day; here it is forgotten already.
        logger.warning("the sign-out did not reach the centre: %s", error)
