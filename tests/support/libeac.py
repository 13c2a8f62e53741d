"""A third opinion on PACE and secure messaging: OpenPACE's libeac3, called through ctypes.

The library is a test's peer only and is never shipped. It plays the card against our terminal,
or the terminal against a simulated card. It does generic mapping on curves and numbers, and
secure messaging with AES and 3DES. Its integrated mapping is an older draft's (Icart's function,
no pseudo-random chain) and its Chip Authentication is version 2, so neither can judge ours.
"""

import ctypes
from collections.abc import Callable
from ctypes import POINTER, Structure, c_char_p, c_int, c_size_t, c_ulong, c_void_p
from typing import Any

from hardware.smartcard.tlv import build, parse, parse_one

MRZ, CAN, PIN, PUK = 1, 2, 3, 4
PROTECTED = 0x0C
_SESSION_OF_PACE = 0


class _Buffer(Structure):
    """BUF_MEM of libcrypto."""

    _fields_ = (("length", c_size_t), ("data", c_void_p), ("max", c_size_t), ("flags", c_ulong))


_BUFFER = POINTER(_Buffer)
_PROTOTYPES: tuple[tuple[str, Any, list[Any]], ...] = (
    ("EAC_init", None, []),
    ("EAC_CTX_new", c_void_p, []),
    ("EAC_CTX_clear_free", None, [c_void_p]),
    ("EAC_CTX_init_ef_cardaccess", c_int, [c_char_p, c_size_t, c_void_p]),
    ("EAC_CTX_set_encryption_ctx", c_int, [c_void_p, c_int]),
    ("EAC_increment_ssc", c_int, [c_void_p]),
    ("EAC_encrypt", _BUFFER, [c_void_p, _BUFFER]),
    ("EAC_decrypt", _BUFFER, [c_void_p, _BUFFER]),
    ("EAC_authenticate", _BUFFER, [c_void_p, _BUFFER]),
    ("EAC_add_iso_pad", _BUFFER, [c_void_p, _BUFFER]),
    ("EAC_remove_iso_pad", _BUFFER, [_BUFFER]),
    ("EAC_Comp", _BUFFER, [c_void_p, c_int, _BUFFER]),
    ("PACE_SEC_new", c_void_p, [c_char_p, c_size_t, c_int]),
    ("PACE_SEC_clear_free", None, [c_void_p]),
    ("PACE_STEP1_enc_nonce", _BUFFER, [c_void_p, c_void_p]),
    ("PACE_STEP2_dec_nonce", c_int, [c_void_p, c_void_p, _BUFFER]),
    ("PACE_STEP3A_generate_mapping_data", _BUFFER, [c_void_p]),
    ("PACE_STEP3A_map_generator", c_int, [c_void_p, _BUFFER]),
    ("PACE_STEP3B_generate_ephemeral_key", _BUFFER, [c_void_p]),
    ("PACE_STEP3B_compute_shared_secret", c_int, [c_void_p, _BUFFER]),
    ("PACE_STEP3C_derive_keys", c_int, [c_void_p]),
    ("PACE_STEP3D_compute_authentication_token", _BUFFER, [c_void_p, _BUFFER]),
    ("PACE_STEP3D_verify_authentication_token", c_int, [c_void_p, _BUFFER]),
    ("BUF_MEM_clear_free", None, [_BUFFER]),
)
_loaded: list[Any] = []


def why_missing() -> str:
    """Say why the library cannot be used, or nothing where it can."""
    try:
        _library()
    except OSError:
        return "libeac3 (OpenPACE) is not installed"
    return ""


def _library() -> Any:
    if not _loaded:
        library = ctypes.CDLL("libeac.so.3")
        for name, returns, takes in _PROTOTYPES:
            function = getattr(library, name)
            function.restype, function.argtypes = returns, takes
        library.EAC_init()
        _loaded.append(library)
    return _loaded[0]


class LibeacError(Exception):
    """The library says no."""


class _Side:
    """What both sides of a session share."""

    def __init__(self, secret: bytes, kind: int, card_access: bytes) -> None:
        self._library = _library()
        self._context = self._library.EAC_CTX_new()
        self._secret = self._library.PACE_SEC_new(secret, len(secret), kind)
        done = self._library.EAC_CTX_init_ef_cardaccess(
            card_access, len(card_access), self._context
        )
        if not self._context or not self._secret or done != 1:
            raise LibeacError("not an EF.CardAccess or a password for libeac")
        self.has_session = False

    def close(self) -> None:
        """Free what the library holds."""
        self._library.PACE_SEC_clear_free(self._secret)
        self._library.EAC_CTX_clear_free(self._context)

    def _bytes(self, name: str, *arguments: Any) -> bytes:
        """Call a function that returns a buffer."""
        told = self._call(name, *arguments)
        if not told:
            raise LibeacError(name)
        whole = ctypes.string_at(told.contents.data, told.contents.length)
        if name != "PACE_STEP1_enc_nonce":
            self._library.BUF_MEM_clear_free(told)
        return whole

    def _require(self, name: str, *arguments: Any) -> None:
        """Call a function that returns 1 when all is well."""
        if self._call(name, *arguments) != 1:
            raise LibeacError(name)

    def _call(self, name: str, *arguments: Any) -> Any:
        kept = [
            ctypes.create_string_buffer(a, len(a)) if isinstance(a, bytes) else a for a in arguments
        ]
        passed = [
            ctypes.pointer(_Buffer(len(a), ctypes.cast(k, c_void_p), len(a), 0))
            if isinstance(a, bytes)
            else a
            for a, k in zip(arguments, kept, strict=True)
        ]
        return getattr(self._library, name)(*passed)

    def _begin_session(self) -> None:
        self._require("EAC_CTX_set_encryption_ctx", self._context, _SESSION_OF_PACE)
        self.has_session = True

    def _count(self) -> None:
        self._require("EAC_increment_ssc", self._context)

    def _padded(self, data: bytes) -> bytes:
        return self._bytes("EAC_add_iso_pad", self._context, data)

    def _hidden(self, data: bytes) -> bytes:
        return self._bytes("EAC_encrypt", self._context, self._padded(data))

    def _opened(self, hidden: bytes) -> bytes:
        return self._bytes("EAC_remove_iso_pad", self._bytes("EAC_decrypt", self._context, hidden))

    def _seal(self, padded: bytes) -> bytes:
        return self._bytes("EAC_authenticate", self._context, padded)

    def compress(self, public: bytes) -> bytes:
        """Comp() of a public key of PACE."""
        return self._bytes("EAC_Comp", self._context, _SESSION_OF_PACE, public)


class LibeacCard(_Side):
    """A card that does PACE with generic mapping, and then answers under secure messaging.

    It is a Chip: give it to a CardLink. A protected command is answered with the data and the
    status word that answer returns for its header and its data; by default the data come back.
    """

    takes_extended_length = True

    def __init__(
        self,
        secret: bytes,
        kind: int,
        card_access: bytes,
        answer: Callable[[bytes, bytes], tuple[bytes, int]] | None = None,
    ) -> None:
        super().__init__(secret, kind, card_access)
        self.answer = answer or _echo
        self.comp = b""
        self._step = 0
        self._peer = b""

    def transmit(self, command: bytes) -> bytes:
        """Answer one command APDU."""
        if command[0] & PROTECTED == PROTECTED:
            return self._protected(command)
        if command[1] == 0x22:
            self._step = 0
            return b"\x90\x00"
        try:
            element = parse(parse_one(_body(command), 0x7C))
        except LibeacError:
            return b"\x6a\x80"
        self._step += 1
        steps = (self._nonce, self._map, self._agree, self._confirm)
        try:
            told = steps[self._step - 1](element[0].value if element else b"")
        except LibeacError:
            return b"\x63\x00"
        return build(0x7C, told) + b"\x90\x00"

    def _nonce(self, sent: bytes) -> bytes:
        assert not sent
        return build(0x80, self._bytes("PACE_STEP1_enc_nonce", self._context, self._secret))

    def _map(self, sent: bytes) -> bytes:
        told = self._bytes("PACE_STEP3A_generate_mapping_data", self._context)
        self._require("PACE_STEP3A_map_generator", self._context, sent)
        return build(0x82, told)

    def _agree(self, sent: bytes) -> bytes:
        own = self._bytes("PACE_STEP3B_generate_ephemeral_key", self._context)
        self._peer = sent
        self._require("PACE_STEP3B_compute_shared_secret", self._context, sent)
        self._require("PACE_STEP3C_derive_keys", self._context)
        self.comp = self.compress(own)
        return build(0x84, own)

    def _confirm(self, sent: bytes) -> bytes:
        token = self._bytes("PACE_STEP3D_compute_authentication_token", self._context, self._peer)
        self._require("PACE_STEP3D_verify_authentication_token", self._context, sent)
        self._begin_session()
        return build(0x86, token)

    def _protected(self, command: bytes) -> bytes:
        self._count()
        body = _body(command)
        elements = {element.tag: element.value for element in parse(body)}
        sealed = body[: -len(build(0x8E, elements[0x8E]))]
        told = self._padded(command[:4]) + (self._padded(sealed) if sealed else b"")
        if self._seal(told) != elements[0x8E]:
            return b"\x69\x88"
        hidden = elements.get(0x87, b"\1")[1:] or elements.get(0x85, b"")
        data, status = self.answer(command[:4], self._opened(hidden) if hidden else b"")
        self._count()
        answer = b""
        if data:
            secret = self._hidden(data)
            answer = build(0x85, secret) if command[1] & 1 else build(0x87, b"\1" + secret)
        answer += build(0x99, status.to_bytes(2, "big"))
        return answer + build(0x8E, self._seal(self._padded(answer))) + status.to_bytes(2, "big")


class LibeacTerminal(_Side):
    """A terminal that does PACE with generic mapping, and then sends protected commands."""

    def __init__(
        self, secret: bytes, kind: int, card_access: bytes, transmit: Callable[[bytes], bytes]
    ) -> None:
        super().__init__(secret, kind, card_access)
        self._kind = kind
        self._transmit = transmit

    def run(self, oid: bytes, parameter_id: int | None = None) -> bytes:
        """Do PACE with the protocol of these content octets; returns Comp() of the card's key.

        Raises:
            LibeacError: The library or the card says no; the card's status word is its text.
        """
        announced = build(0x80, oid) + build(0x83, bytes((self._kind,)))
        if parameter_id is not None:
            announced += build(0x84, bytes((parameter_id,)))
        self._bare(bytes.fromhex("0022C1A4") + bytes((len(announced),)) + announced)
        hidden = self._step(b"", 0x80)
        self._require("PACE_STEP2_dec_nonce", self._context, self._secret, hidden)
        mapping = self._bytes("PACE_STEP3A_generate_mapping_data", self._context)
        peer_mapping = self._step(build(0x81, mapping), 0x82)
        self._require("PACE_STEP3A_map_generator", self._context, peer_mapping)
        own = self._bytes("PACE_STEP3B_generate_ephemeral_key", self._context)
        peer = self._step(build(0x83, own), 0x84)
        self._require("PACE_STEP3B_compute_shared_secret", self._context, peer)
        self._require("PACE_STEP3C_derive_keys", self._context)
        token = self._bytes("PACE_STEP3D_compute_authentication_token", self._context, peer)
        answer = self._step(build(0x85, token), 0x86, cla=0x00)
        self._require("PACE_STEP3D_verify_authentication_token", self._context, answer)
        self._begin_session()
        return self.compress(peer)

    def send(
        self, header: bytes, data: bytes = b"", expected: int | None = None
    ) -> tuple[bytes, int]:
        """Send one protected command; returns data and status word of the checked answer."""
        self._count()
        header = bytes((header[0] | PROTECTED,)) + header[1:]
        body = b""
        if data:
            hidden = self._hidden(data)
            body = build(0x85, hidden) if header[1] & 1 else build(0x87, b"\1" + hidden)
        if expected is not None:
            body += build(0x97, bytes((expected & 0xFF,)))
        seal = self._seal(self._padded(header) + (self._padded(body) if body else b""))
        body += build(0x8E, seal)
        answer = self._transmit(header + bytes((len(body),)) + body + b"\0")
        self._count()
        elements = {element.tag: element.value for element in parse(answer[:-2])}
        if 0x8E not in elements or self._seal(self._padded(answer[:-12])) != elements[0x8E]:
            raise LibeacError(answer[-2:].hex().upper())
        hidden = elements.get(0x87, b"\1")[1:] or elements.get(0x85, b"")
        return self._opened(hidden) if hidden else b"", int.from_bytes(elements[0x99], "big")

    def _step(self, sent: bytes, tag: int, cla: int = 0x10) -> bytes:
        data = build(0x7C, sent)
        if len(data) > 255:
            command = bytes((cla, 0x86, 0, 0, 0)) + len(data).to_bytes(2, "big") + data + b"\0\0"
        else:
            command = bytes((cla, 0x86, 0, 0, len(data))) + data + b"\0"
        elements = parse(parse_one(self._bare(command), 0x7C))
        if not elements or elements[0].tag != tag:
            raise LibeacError("another step's answer")
        return elements[0].value

    def _bare(self, command: bytes) -> bytes:
        answer = self._transmit(command)
        if answer[-2:] != b"\x90\x00":
            raise LibeacError(answer[-2:].hex().upper())
        return answer[:-2]


def _echo(_header: bytes, data: bytes) -> tuple[bytes, int]:
    return data, 0x9000


def _body(command: bytes) -> bytes:
    """The data field of a short or extended command."""
    if command[4]:
        return command[5 : 5 + command[4]]
    return command[7 : 7 + int.from_bytes(command[5:7], "big")]
