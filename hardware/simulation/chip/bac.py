"""Basic Access Control, the chip's side (ICAO Doc 9303-11 clause 4.3)."""

import hashlib
from hmac import compare_digest

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.passwords import fail, succeed, wait_for
from hardware.simulation.chip.secure_messaging import SecureMessaging
from hardware.simulation.chip.session import Access, Session
from hardware.simulation.chip.symmetric import (
    AUTHENTICATION,
    ENCRYPTION,
    BlockCipher,
    MacDes,
    Suite,
    derive,
    pad,
)

NONCE = 8
TOKEN = 40
"""Cryptogram of two nonces and keying material, and its MAC."""
DATES = 14
"""Characters of birth and expiry at the end of the MRZ information."""


class BasicAccess:
    """The protocol's state between its two commands."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._nonce = b""

    def forget(self) -> None:
        """Break a run off."""
        self._nonce = b""

    def get_challenge(self) -> bytes:
        """Give RND.IC, unless the chip leaves everything to PACE."""
        if not self._session.store.memory.get("basic_access", True):
            raise Refusal(SW.NOT_NOW)
        self._nonce = self._session.random.octets(NONCE)
        return self._nonce

    def authenticate(self, command: Command) -> bytes:
        """EXTERNAL AUTHENTICATE: open the terminal's token, give the chip's."""
        nonce, self._nonce = self._nonce, b""
        information = self._session.store.password("mrz")
        if not nonce or information is None:
            raise Refusal(SW.NOT_NOW)
        if len(command.data) != TOKEN:
            raise Refusal(SW.WRONG_LENGTH)
        seed = hashlib.sha1(information, usedforsecurity=False).digest()[:16]
        cipher = BlockCipher(Suite.TDES, derive(Suite.TDES, seed, ENCRYPTION))
        mac = MacDes(derive(Suite.TDES, seed, AUTHENTICATION))
        wait_for(self._session)
        cryptogram, checksum = command.data[:-8], command.data[-8:]
        opened = cipher.decrypt(cryptogram)
        if not compare_digest(mac.of(pad(cryptogram, 8)), checksum) or opened[8:16] != nonce:
            raise Refusal(fail(self._session, "mrz"))
        succeed(self._session, "mrz")
        own = self._session.random.octets(16)
        answer = cipher.encrypt(nonce + opened[:8] + own)
        secret = bytes(a ^ b for a, b in zip(opened[16:], own, strict=True))
        counter = int.from_bytes(nonce[4:] + opened[4:8], "big")
        access = Access("BAC", "mrz", information[:-DATES])
        self._session.open(SecureMessaging.of_secret(Suite.TDES, secret, counter), access)
        return answer + mac.of(pad(answer, 8))
