"""PACE: a strong session out of a weak password, with generic, integrated or chip mapping.

Sources: ICAO Doc 9303-11, 4.4; BSI TR-03110-2, 3.2, and TR-03110-3, A.3 and B.11.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from hardware.smartcard.apdu import (
    LONG_ANSWER,
    SHORT_ANSWER,
    SHORT_DATA,
    SW,
    TRIES_LEFT,
    Command,
    Response,
)
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CHAINED, CardLink
from hardware.smartcard.protocols import mappings
from hardware.smartcard.protocols.ciphers import (
    MAC_SIZE,
    Cipher,
    decrypt,
    derive_key,
    encrypt_block,
    mac,
    pad,
    unpad,
)
from hardware.smartcard.protocols.groups import (
    Group,
    KeyPair,
    of_algorithm,
    of_public_key_info,
    standardized,
)
from hardware.smartcard.protocols.password import Password, PasswordKind
from hardware.smartcard.protocols.secure_messaging import SecureMessaging
from hardware.smartcard.protocols.security_infos import PaceInfo, SecurityInfos
from hardware.smartcard.tlv import Tlv, build, parse, parse_one

VERSION = 2
DYNAMIC_DATA = 0x7C
PUBLIC_KEY = 0x7F49
LONGEST_NONCE = 64
_CAM, _ECDH = "CAM", "ECDH"


@dataclass(frozen=True, slots=True, repr=False)
class PaceResult:
    """What PACE leaves behind besides the session.

    Attributes:
        info: The way it was done.
        card_public: The card's ephemeral public key, whose Comp() names the card in Terminal
            Authentication.
        mapping_public: The card's public key of the mapping; empty in integrated mapping.
        chip_authentication_data: What the chip mapping gave as proof, deciphered.
        authorities: The references of the certification authorities that the card trusts.
        terminal_public: The terminal's ephemeral public key, which after chip mapping names the
            terminal in Terminal Authentication.
    """

    info: PaceInfo
    card_public: bytes
    mapping_public: bytes = b""
    chip_authentication_data: bytes | None = None
    authorities: tuple[str, ...] = ()
    terminal_public: bytes = b""


@dataclass(frozen=True, slots=True)
class Chance:
    """Where the terminal's keys and nonces come from; tests give known ones."""

    key_pair: Callable[[Group], KeyPair] = lambda group: group.generate()
    nonce: Callable[[int], bytes] = secrets.token_bytes


def choose(infos: SecurityInfos) -> PaceInfo | None:
    """Return the best way that both sides know, or None."""
    usable = [info for info in infos.pace if info.version == VERSION and _is_known(info)]
    usable.sort(key=_preference)
    return usable[0] if usable else None


def group_of(info: PaceInfo) -> Group:
    """Return the static domain parameters of a way of doing PACE.

    Raises:
        ChipError: They are reserved, unknown or of the other kind of group.
    """
    if info.algorithm is not None:
        group = of_algorithm(info.algorithm)
    elif info.parameter_id is not None:
        group = standardized(info.parameter_id)
    else:
        raise ChipError("malformed", "PACE without domain parameters")
    if group.key_agreement != info.key_agreement:
        raise ChipError("malformed", "PACE on another kind of group")
    return group


def run(
    link: CardLink,
    info: PaceInfo,
    password: Password,
    chat: bytes | None = None,
    chance: Chance | None = None,
) -> PaceResult:
    """Open a session and give it to the link.

    Args:
        link: The link, with the master file selected, as after power-on.
        info: The way, from EF.CardAccess.
        password: What the card is opened with.
        chat: The whole data object 7F4C of a terminal that means to authenticate itself after.
        chance: Keys and nonces to use; random ones by default.

    Raises:
        ChipError: wrong_password, with 63Cx in status_word where the chip counts tries;
            not_genuine for a chip that does not know the password itself; refused, malformed,
            not_supported.
    """
    return _Run(link, info, password, chance or Chance()).all(chat)


def check_mapping_proof(result: PaceResult, card_security: SecurityInfos) -> None:
    """Check that a chip which did chip authentication mapping owns its static key.

    It proves nothing more than EF.CardSecurity does, whose signature must be checked as well.

    Raises:
        ChipError: not_genuine, or malformed.
    """
    data = result.chip_authentication_data
    if data is None:
        raise ChipError("not_genuine", "no proof was given")
    mapped = group_of(result.info)
    for key in card_security.chip_keys:
        group, public = of_public_key_info(key.spki)
        if group == mapped:
            secret = group.agree(int.from_bytes(data, "big"), public)
            # The sign of y tells nothing: who can make one point can make its mirror image.
            if compare_digest(secret, group.compress(result.mapping_public)):
                return
    raise ChipError("not_genuine", "the proof does not fit the chip's key")


class _Run:
    """One run of the protocol, step by step."""

    def __init__(self, link: CardLink, info: PaceInfo, password: Password, chance: Chance) -> None:
        self._link = link
        self._info = info
        self._password = password
        self._chance = chance
        self._static = group_of(info)
        self._mapping_public = b""

    def all(self, chat: bytes | None) -> PaceResult:
        if self._info.version != VERSION:
            raise ChipError("not_supported", "PACE of another version")
        self._link.session = None
        self._announce(chat)
        mapped = self._map(self._nonce())
        own, peer, secret = self._agree(mapped)
        cipher = self._info.cipher
        encryption, authentication = (derive_key(cipher, secret, number) for number in (1, 2))
        answer = self._confirm(authentication, own.public, peer)
        proof = self._proof(answer, encryption)
        self._link.session = SecureMessaging(cipher, encryption, authentication)
        return PaceResult(
            self._info, peer, self._mapping_public, proof, _authorities(answer), own.public
        )

    def _announce(self, chat: bytes | None) -> None:
        """MSE:Set AT: which protocol, password and, if need be, domain parameters."""
        data = build(0x80, self._info.oid) + build(0x83, bytes((self._password.kind,)))
        if self._info.is_ambiguous and self._info.parameter_id is not None:
            data += build(0x84, bytes((self._info.parameter_id,)))
        answer = self._link.send(Command(0x22, 0xC1, 0xA4, data + (chat or b"")))
        tries = answer.status_word - TRIES_LEFT
        # A count here is a warning, not a refusal. With one try left a PIN is suspended until
        # the CAN was given; with none it is blocked (TR-03110-3, B.11.1).
        is_pin = self._password.kind is PasswordKind.PIN
        if answer.status_word != SW.OK and not (1 if is_pin else 0) < tries <= 0x0F:
            raise ChipError("refused", "PACE with this password", answer.status_word)

    def _nonce(self) -> bytes:
        cipher = self._info.cipher
        hidden = self._step(b"", 0x80)
        if not cipher.block <= len(hidden) <= LONGEST_NONCE:
            raise ChipError("malformed", "a nonce of another length")
        key = derive_key(cipher, self._password.pace_secret, 3)
        return decrypt(cipher, key, hidden)

    def _map(self, nonce: bytes) -> Group:
        group = self._static
        if self._info.mapping == "IM":
            sent = self._chance.nonce(self._info.cipher.key_bytes)
            if self._step(build(0x81, sent), 0x82):
                raise ChipError("malformed", "integrated mapping has nothing to say here")
            return mappings.integrated(group, self._info.cipher, nonce, sent)
        own = self._chance.key_pair(group)
        peer = self._mapping_public = self._step(build(0x81, own.public), 0x82)
        _require_other(own, peer)
        return mappings.generic(group, own, peer, nonce)

    def _agree(self, group: Group) -> tuple[KeyPair, bytes, bytes]:
        own = self._chance.key_pair(group)
        peer = self._step(build(0x83, own.public), 0x84)
        _require_other(own, peer)
        return own, peer, group.agree(own, peer)

    def _confirm(self, key: bytes, own: bytes, peer: bytes) -> list[Tlv]:
        """Exchange tokens: each side seals the other's key, and so shows that it knows the secret.

        This is where a wrong password comes out.
        """
        token = build(0x85, self._token(key, peer))
        response = self._authenticate(token, is_last=True)
        word = response.status_word
        if word == SW.NOT_AUTHENTICATED or word & 0xFFF0 == TRIES_LEFT:
            raise ChipError("wrong_password", "PACE", word)
        if word == SW.AUTHENTICATION_BLOCKED:
            raise ChipError("wrong_password", "PACE, and the password is blocked", word)
        answer = parse(parse_one(response.require_ok("PACE"), DYNAMIC_DATA))
        if not answer or answer[0].tag != 0x86 or len(answer[0].value) != MAC_SIZE:
            raise ChipError("malformed", "no token")
        if not compare_digest(answer[0].value, self._token(key, own)):
            raise ChipError("not_genuine", "the chip does not know the password")
        return answer

    def _token(self, key: bytes, public: bytes) -> bytes:
        cipher, tag = self._info.cipher, 0x86 if self._info.key_agreement == _ECDH else 0x84
        told = build(PUBLIC_KEY, build(0x06, self._info.oid) + build(tag, public))
        return mac(cipher, key, pad(told, 8) if cipher is Cipher.TDES else told)

    def _proof(self, answer: list[Tlv], key: bytes) -> bytes | None:
        """Decipher the chip authentication data (9303-11, 4.4.3.5.2)."""
        if self._info.mapping != _CAM:
            return None
        hidden = [element.value for element in answer if element.tag == 0x8A]
        if len(hidden) != 1:
            raise ChipError("malformed", "chip mapping without its proof")
        cipher = self._info.cipher
        vector = encrypt_block(cipher, key, b"\xff" * cipher.block)
        return unpad(decrypt(cipher, key, hidden[0], vector))

    def _step(self, sent: bytes, tag: int) -> bytes:
        """Send one step and return the value of the one object that answers it."""
        data = self._authenticate(sent, is_last=False).require_ok("a step of PACE")
        return parse_one(parse_one(data, DYNAMIC_DATA), tag)

    def _authenticate(self, sent: bytes, is_last: bool) -> Response:
        data = build(DYNAMIC_DATA, sent)
        cla = 0x00 if is_last else CHAINED
        # A key of 2048 bits fits no short command, and no short answer either.
        expected = SHORT_ANSWER if len(data) <= SHORT_DATA else LONG_ANSWER
        return self._link.send(Command(0x86, 0x00, 0x00, data, expected, cla))


def _require_other(own: KeyPair, peer: bytes) -> None:
    """Refuse a peer that merely sends our own key back (9303-11, 4.4.1)."""
    if compare_digest(own.public, peer):
        raise ChipError("malformed", "our own key came back")


def _authorities(answer: list[Tlv]) -> tuple[str, ...]:
    """The references in 87 and 88, the newer authority first."""
    found = [element.value for element in answer if element.tag in (0x87, 0x88)]
    if len(found) > 2 or any(not 1 <= len(value) <= 16 for value in found):
        raise ChipError("malformed", "references of another form")
    return tuple(value.decode("latin-1") for value in found)


def _is_known(info: PaceInfo) -> bool:
    try:
        group_of(info)
    except ChipError:
        return False
    return not (info.mapping == _CAM and info.cipher is Cipher.TDES)


def _preference(info: PaceInfo) -> tuple[bool, bool, int, bool]:
    """Chip mapping, which proves the chip genuine on the way; then curves; then long keys."""
    return (
        info.mapping != _CAM,
        info.key_agreement != _ECDH,
        -info.cipher.value,
        info.mapping == "IM",
    )
