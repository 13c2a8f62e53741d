"""Chip Authentication version 1, the chip's side (ICAO Doc 9303-11 clause 6.2)."""

from cryptography.hazmat.primitives.asymmetric import ec

from hardware.simulation.chip import keys
from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.curves import Curve
from hardware.simulation.chip.memory import GROUP_14
from hardware.simulation.chip.objects import by_tag, encode, inside
from hardware.simulation.chip.secure_messaging import SecureMessaging
from hardware.simulation.chip.security_infos import chip_authentication_offers
from hardware.simulation.chip.session import Session
from hardware.simulation.chip.symmetric import Suite

DYNAMIC, MECHANISM, KEY_REFERENCE, EPHEMERAL, SHORT_EPHEMERAL = 0x7C, 0x80, 0x84, 0x91, 0x80
GROUP_14_TAG = 0x6E


class ChipAuthentication:
    """The protocol's state between commands."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._chosen: tuple[Suite, ec.EllipticCurvePrivateKey] | None = None

    @property
    def running(self) -> bool:
        """Whether MSE:Set AT has chosen a key."""
        return self._chosen is not None

    def forget(self) -> None:
        """Break a run off."""
        self._chosen = None

    def set_template(self, command: Command) -> bytes:
        """MSE:Set AT for internal authentication: choose protocol and key."""
        self._chosen = None
        self._require_session()
        wanted = by_tag(command.data)
        offered = {
            offer.identifier: offer.suite for offer in chip_authentication_offers(self._group_14())
        }
        suite = offered.get(wanted.get(MECHANISM, b""))
        if suite is None:
            raise Refusal(SW.WRONG_DATA)
        self._chosen = suite, self._key(wanted.get(KEY_REFERENCE))
        return b""

    def agree(self, command: Command) -> bytes:
        """GENERAL AUTHENTICATE: agree on new keys, in force from the next command on."""
        chosen, self._chosen = self._chosen, None
        if chosen is None or command.chained:
            raise Refusal(SW.NOT_NOW)
        asked = by_tag(inside(command.data, DYNAMIC))
        if list(asked) != [SHORT_EPHEMERAL]:
            raise Refusal(SW.WRONG_DATA)
        self._restart(*chosen, asked[SHORT_EPHEMERAL])
        return encode(DYNAMIC, b"")

    def set_agreement_template(self, command: Command) -> bytes:
        """MSE:Set KAT: choose the key and agree in one command, with 3DES."""
        self._require_session()
        wanted = by_tag(command.data)
        if EPHEMERAL not in wanted:
            raise Refusal(SW.WRONG_DATA)
        self._restart(Suite.TDES, self._key(wanted.get(KEY_REFERENCE)), wanted[EPHEMERAL])
        return b""

    def _restart(self, suite: Suite, key: ec.EllipticCurvePrivateKey, peer: bytes) -> None:
        curve = Curve.named(key.curve.name)
        secret = key.exchange(ec.ECDH(), curve.key_of(peer))
        access = self._session.access
        if access is None:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        access.terminal_key, access.rights = curve.compress(peer), 0
        self._session.next_messaging = SecureMessaging.of_secret(suite, secret)

    def _require_session(self) -> None:
        if self._session.messaging is None or self._session.access is None:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)

    def _group_14(self) -> bytes:
        try:
            return inside(self._session.store.files.get(GROUP_14, b""), GROUP_14_TAG)
        except Refusal:
            return b""

    def _key(self, reference: bytes | None) -> ec.EllipticCurvePrivateKey:
        """Find the private key; without a reference there must be one alone."""
        held = self._session.store.memory.get("agreement_keys", [])
        if reference is not None:
            number = int.from_bytes(reference, "big")
            held = [entry for entry in held if entry["id"] == number] or [
                entry for entry in held if entry["id"] is None and len(held) == 1
            ]
        if len(held) != 1:
            raise Refusal(SW.REFERENCE_NOT_FOUND)
        return keys.curve_key(bytes.fromhex(held[0]["key"]))
