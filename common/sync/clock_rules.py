"""Whether a station may begin new work by its clocks, and the backend's time as it proves it."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from common.sync.client import BackendClient
from common.wire.field import ServerTime
from common.wire.signed import SignatureError, open_signed

OFFLINE_DAYS = 3
"""As long as the longest work order: a station that was away longer only delivers."""


class ClockTrouble(StrEnum):
    """Why no new work may begin; what was done before may always be delivered."""

    NEVER_MET = "never_met"
    CLOCK_BEHIND = "clock_behind"
    OFFLINE_TOO_LONG = "offline_too_long"


def new_work(
    wall: datetime, last_server: datetime | None, offline_days: int = OFFLINE_DAYS
) -> ClockTrouble | None:
    """Judge by the station's clock and the last time that the backend signed for it.

    A clock behind that time was set back, or the store was copied from an earlier day: what is
    written now would seem older than it is, and orders and leases would seem to run still.
    """
    if last_server is None:
        return ClockTrouble.NEVER_MET
    if wall < last_server:
        return ClockTrouble.CLOCK_BEHIND
    if wall - last_server > timedelta(days=offline_days):
        return ClockTrouble.OFFLINE_TOO_LONG
    return None


def ask_time(client: BackendClient, signing_key: bytes, station: str) -> datetime:
    """Fetch the backend's time, signed with a nonce of this moment.

    Raises:
        SignatureError: It is not the backend's, or an old answer.
        BackendUnreachableError, RefusedError: There is none.
    """
    nonce = secrets.token_urlsafe(16)
    told = open_signed(client.server_time(nonce), signing_key, "server time", ServerTime)
    if (told.nonce, told.station) != (nonce, station):
        raise SignatureError("server time: the answer to another question")
    return told.at
