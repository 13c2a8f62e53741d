"""PACE, the chip's side (ICAO Doc 9303-11 clause 4.4, BSI TR-03110-3 B.1)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from hardware.simulation.chip import keys
from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.groups import Group, KeyPair, standardised
from hardware.simulation.chip.memory import CAN, CARD_ACCESS, MRZ, PIN, PIN_TRIES, PUK
from hardware.simulation.chip.objects import by_tag, encode, inside
from hardware.simulation.chip.passwords import fail, succeed, wait_for
from hardware.simulation.chip.secure_messaging import SecureMessaging
from hardware.simulation.chip.security_infos import PaceOffer, pace_offers
from hardware.simulation.chip.session import Access, Session
from hardware.simulation.chip.symmetric import (
    AUTHENTICATION,
    ENCRYPTION,
    PASSWORD,
    BlockCipher,
    Suite,
    derive,
    pad,
    token,
)
from hardware.simulation.chip.trust_points import references

DYNAMIC = 0x7C
MECHANISM, REFERENCE, PARAMETERS, HOLDER_RIGHTS = 0x80, 0x83, 0x84, 0x7F4C
PASSWORDS = {1: MRZ, 2: CAN, 3: PIN, 4: PUK}
CONSTANTS = {
    16: (
        bytes.fromhex("A668892A7C41E3CA739F40B057D85904"),
        bytes.fromhex("A4E136AC725F738B01C1F60217C188AD"),
    ),
    32: (
        bytes.fromhex("D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676"),
        bytes.fromhex("54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517"),
    ),
}
"""c0 and c1 of the integrated mapping's random function, by the size of the nonce (4.4.3.3.2)."""


@dataclass(slots=True, repr=False)
class Run:
    """One run of the protocol, from MSE:Set AT on."""

    offer: PaceOffer
    group: Group
    password: str
    allowed: int
    wants_authorities: bool
    step: int = 0
    nonce: bytes = b""
    generator: bytes = b""
    mapping: KeyPair | None = None
    own: KeyPair | None = None
    peer: bytes = b""
    secret: bytes = b""


class Pace:
    """The protocol's state between commands."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._run: Run | None = None

    @property
    def running(self) -> bool:
        """Whether a run has begun."""
        return self._run is not None

    def forget(self) -> None:
        """Break a run off."""
        self._run = None

    def set_template(self, command: Command) -> bytes:
        """MSE:Set AT for mutual authentication: choose protocol, password and parameters."""
        self._run = None
        wanted = by_tag(command.data)
        password = PASSWORDS.get(int.from_bytes(wanted.get(REFERENCE, b""), "big"), "")
        offer, number = self._choose(wanted.get(MECHANISM, b""), wanted.get(PARAMETERS))
        if self._session.store.password(password) is None:
            raise Refusal(SW.REFERENCE_NOT_FOUND)
        if password == PIN and self._session.store.failures("pin") >= PIN_TRIES:
            raise Refusal(SW.BLOCKED)
        rights = wanted.get(HOLDER_RIGHTS)
        self._run = Run(
            offer,
            standardised(number),
            password,
            0xFF if rights is None else _rights_of(rights),
            rights is not None,
        )
        return b""

    def _choose(self, identifier: bytes, parameters: bytes | None) -> tuple[PaceOffer, int]:
        store = self._session.store
        offers = [
            offer
            for offer in pace_offers(store.master_files.get(CARD_ACCESS, b""))
            if offer.identifier == identifier and offer.parameters is not None
        ]
        if not offers or (offers[0].mapping == "CAM" and store.octets("mapping_key") is None):
            raise Refusal(SW.WRONG_DATA)
        if parameters is not None:
            number = int.from_bytes(parameters, "big")
            offers = [offer for offer in offers if offer.parameters == number]
        if len(offers) != 1 or offers[0].parameters is None:
            raise Refusal(SW.REFERENCE_NOT_FOUND)
        return offers[0], offers[0].parameters

    def step(self, command: Command) -> bytes:
        """GENERAL AUTHENTICATE: do the next step of the run; a failed one ends it."""
        run, self._run = self._run, None
        if run is None:
            raise Refusal(SW.NOT_NOW)
        asked = by_tag(inside(command.data, DYNAMIC))
        steps: tuple[tuple[int | None, Callable[[Run, bytes], bytes]], ...] = (
            (None, self._give_nonce),
            (0x81, self._map),
            (0x83, self._agree),
            (0x85, self._authenticate),
        )
        tag, act = steps[run.step]
        if list(asked) != ([] if tag is None else [tag]):
            raise Refusal(SW.WRONG_DATA)
        if command.chained == (run.step == len(steps) - 1):
            raise Refusal(SW.NOT_NOW)
        answer = act(run, asked.get(tag or 0, b""))
        run.step += 1
        if run.step < len(steps):
            self._run = run
        return encode(DYNAMIC, answer)

    def _give_nonce(self, run: Run, _: bytes) -> bytes:
        suite = run.offer.suite
        size = 16
        if run.offer.mapping == "IM":
            size = -(-suite.key_bytes // suite.block) * suite.block
        run.nonce = self._session.random.octets(size)
        secret = self._session.store.password(run.password) or b""
        if run.password == MRZ:
            secret = hashlib.sha1(secret, usedforsecurity=False).digest()
        cipher = BlockCipher(suite, derive(suite, secret, PASSWORD))
        return encode(0x80, cipher.encrypt(run.nonce))

    def _map(self, run: Run, data: bytes) -> bytes:
        if run.offer.mapping == "IM":
            octets = pseudo_random(run.offer.suite, run.nonce, data, run.group.field_bits)
            run.generator = run.group.map_integrated(octets)
            return encode(0x82, b"")
        run.mapping = run.group.pair(self._session.random)
        if data == run.mapping.public:
            raise Refusal(SW.NOT_AUTHENTICATED)
        nonce = int.from_bytes(run.nonce, "big")
        run.generator = run.mapping.map_generic(nonce, data)
        return encode(0x82, run.mapping.public)

    def _agree(self, run: Run, peer: bytes) -> bytes:
        run.own = run.group.pair(self._session.random, run.generator)
        if peer == run.own.public:
            raise Refusal(SW.NOT_AUTHENTICATED)
        run.peer, run.secret = peer, run.own.agree(peer)
        return encode(0x84, run.own.public)

    def _authenticate(self, run: Run, proof: bytes) -> bytes:
        if run.own is None:
            raise Refusal(SW.NOT_NOW)
        suite = run.offer.suite
        wait_for(self._session)
        mac_key = derive(suite, run.secret, AUTHENTICATION)
        expected = token(suite, mac_key, _public_object(run, run.own.public))
        if not compare_digest(expected, proof):
            raise Refusal(fail(self._session, run.password))
        succeed(self._session, run.password)
        encryption_key = derive(suite, run.secret, ENCRYPTION)
        answer = encode(0x86, token(suite, mac_key, _public_object(run, run.peer)))
        if run.wants_authorities:
            for tag, reference in zip((0x87, 0x88), references(self._session.store), strict=False):
                answer += encode(tag, reference)
        access = Access(
            "PACE", run.password, run.group.compress(run.own.public), allowed=run.allowed
        )
        if run.offer.mapping == "CAM":
            answer += encode(0x8A, self._mapping_proof(run, BlockCipher(suite, encryption_key)))
            access.terminal_key = run.group.compress(run.peer)
        self._session.open(SecureMessaging(suite, encryption_key, mac_key), access)
        return answer

    def _mapping_proof(self, run: Run, cipher: BlockCipher) -> bytes:
        """CA_IC: the mapping's private key over the chip's own (4.4.3.5)."""
        own = keys.curve_key(self._session.store.octets("mapping_key"))
        order = run.group.order
        number = own.private_numbers().private_value
        if run.mapping is None or own.curve.name != keys.library_name(run.group):
            raise Refusal(SW.NOT_AUTHENTICATED)
        proof = pow(number, -1, order) * run.mapping.number % order
        octets = proof.to_bytes((order.bit_length() + 7) // 8, "big")
        return cipher.encrypt(pad(octets, 16), cipher.one_block(b"\xff" * 16))


def pseudo_random(suite: Suite, nonce: bytes, other: bytes, field_bits: int) -> bytes:
    """R(s, t) of the integrated mapping, before it is reduced (4.4.3.3.2, figure 2)."""
    if len(other) != suite.key_bytes:
        raise Refusal(SW.WRONG_DATA)
    first, second = CONSTANTS[len(nonce)]
    key = BlockCipher(suite, other).encrypt(nonce)[: suite.key_bytes]
    found = b""
    while 8 * len(found) < field_bits + 64:
        cipher = BlockCipher(suite, key)
        found += cipher.encrypt(second)
        key = cipher.encrypt(first)[: suite.key_bytes]
    return found


def _public_object(run: Run, public: bytes) -> bytes:
    """The public key data object of an authentication token (9.4.1, 9.4.5)."""
    return encode(0x7F49, encode(0x06, run.offer.identifier) + encode(run.group.public_tag, public))


def _rights_of(template: bytes) -> int:
    """Read the access bits of a certificate holder authorisation template."""
    rights = by_tag(template).get(0x53, b"")
    if not rights:
        raise Refusal(SW.WRONG_DATA)
    return rights[-1] & 0x3F
