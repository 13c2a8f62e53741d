"""What a whole territory asks of its backend in a second, as signed requests."""

import os
from collections.abc import Callable
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

from common.domain.clock import OFFICE_ZONE, system_clock
from common.domain.identity_number import IdentityNumber
from common.wire.facts import new_id
from common.wire.signatures import (
    NONCE_BYTES,
    Message,
    key_id_of,
    raw_signature,
    signed_headers,
)
from tests.support.backend_office import KEYS, PARTICULARS
from tests.support.load import http, json_body

KEY_IDS = {name: key_id_of(key.public_key()) for name, key in KEYS.items()}
SLOTS = [f"{hour:02d}:{minute}" for hour in range(24) for minute in ("00", "15", "30", "45")]

# Of twenty requests; an applicant makes some forty writes from booking to collection.
MIX = {"fact": 10, "find": 3, "tag": 2, "claim": 2, "page": 2, "book": 1}


class BusyDay:
    """Makes the requests of a busy day; the cases that facts and questions are about exist."""

    def __init__(self, cases: list[str], first_person: int = 0) -> None:
        self._cases = cases
        self._people = count(first_person)
        self._round = [kind for kind, many in MIX.items() for _ in range(many)]
        tomorrow = system_clock().astimezone(OFFICE_ZONE).date().toordinal() + 1
        self._day = type(system_clock().date()).fromordinal(tomorrow).isoformat()

    def mixed(self, n: int) -> bytes:
        """Make the n-th request of the mix."""
        # Seven and twenty have no common part, so kinds alternate instead of coming in blocks.
        return self.one(self._round[7 * n % len(self._round)], n)

    def only(self, kind: str) -> Callable[[int], bytes]:
        """Make requests of one kind."""
        return lambda n: self.one(kind, n)

    def one(self, kind: str, n: int) -> bytes:
        """Make a request of a kind."""
        made: bytes = getattr(self, f"_{kind}")(n)
        return made

    def _tag(self, _n: int) -> bytes:
        body = {"by": "number", "identity_number": self._person(), "year_of_birth": 1980}
        return command("tag-1", "/v1/tags", body)

    def _fact(self, n: int) -> bytes:
        fact = {
            "id": str(new_id()),
            "what": {"kind": "form_filled", "particulars": PARTICULARS},
            "case_id": self._cases[n % len(self._cases)],
            "station": "bench-1",
            "officer": None,
            "at": system_clock().isoformat(),
        }
        return command("bench-1", "/v1/facts", {"facts": [fact]})

    def _claim(self, n: int) -> bytes:
        body = {"place": f"P{n % 2000}", "stages": ["form", "kiosk"]}
        return command("registration-1", "/v1/queue/call", body)

    def _find(self, n: int) -> bytes:
        body = {"case_id": self._cases[n % len(self._cases)]}
        return command("booth-1", "/v1/cases/find", body)

    def _page(self, _n: int) -> bytes:
        return http("GET", "/book", {}, b"")

    def _book(self, n: int) -> bytes:
        form = {
            "office": "HQ",
            "slot": f"{self._day}T{SLOTS[n % len(SLOTS)]}",
            "reason": "replace",
            "identity_number": self._person(),
            "year_of_birth": "1980",
            "enquiry_code": "2468",
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return http("POST", "/book", kind, urlencode(form).encode())

    def _person(self) -> str:
        n = next(self._people)
        return str(IdentityNumber(chr(ord("A") + n // 1_000_000), f"{n % 1_000_000:06d}"))


def command(station: str, path: str, what: dict[str, Any]) -> bytes:
    """Write one signed command with a key of its own."""
    body, key = json_body(what), str(uuid4())
    private = KEYS[station]
    headers = signed_headers(
        Message("POST", path, "", body, key, None),
        KEY_IDS[station],
        system_clock(),
        os.urandom(NONCE_BYTES),
        lambda base: raw_signature(private.sign(base, ECDSA(SHA256()))),
    )
    more = {"Content-Type": "application/json", "Idempotency-Key": key}
    return http("POST", path, {**headers, **more}, body)
