"""A small terminal to try the simulated chip with: it does what it is told, in any order.

It stands on the chip's own arithmetic, which the worked examples check; what it adds is the
other side of each protocol.
"""

import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from hardware.simulation.chip import SimulatedChip
from hardware.simulation.chip.curves import Curve
from hardware.simulation.chip.groups import KeyPair, standardised
from hardware.simulation.chip.objects import by_tag, decode, encode, inside
from hardware.simulation.chip.pace import pseudo_random
from hardware.simulation.chip.randomness import SystemRandomness
from hardware.simulation.chip.symmetric import BlockCipher, Suite, derive, mac_of, pad, token

APPLICATION = bytes.fromhex("A0000002471001")
PACE = "04007F00070202 04"
CHIP_AUTHENTICATION = "04007F00070202 0302"
RANDOM = SystemRandomness()


class Refused(Exception):  # noqa: N818 (a status word)
    def __init__(self, status_word: int) -> None:
        super().__init__(f"{status_word:04X}")
        self.status_word = status_word


class Messaging:
    """The terminal's end of secure messaging."""

    def __init__(self, suite: Suite, secret: bytes, counter: int = 0) -> None:
        self.block, self.is_aes = suite.block, suite is not Suite.TDES
        self.cipher = BlockCipher(suite, derive(suite, secret, 1))
        self.mac = mac_of(suite, derive(suite, secret, 2))
        self.counter = counter

    def _next(self) -> bytes:
        self.counter += 1
        return self.counter.to_bytes(self.block, "big")

    def _vector(self, counter: bytes) -> bytes | None:
        return self.cipher.one_block(counter) if self.is_aes else None

    def wrap(self, head: bytes, data: bytes, expected: int | None, *, extended: bool) -> bytes:
        counter = self._next()
        head = bytes([head[0] | 0x0C]) + head[1:]
        body = b""
        if data:
            cryptogram = self.cipher.encrypt(pad(data, self.block), self._vector(counter))
            body += encode(0x85, cryptogram) if head[1] & 1 else encode(0x87, b"\x01" + cryptogram)
        if expected is not None:
            size = 1 if expected <= 256 else 2
            body += encode(0x97, (expected % (1 << 8 * size)).to_bytes(size, "big"))
        covered = counter + pad(head, self.block) + (pad(body, self.block) if body else b"")
        body += encode(0x8E, self.mac.of(covered))
        if extended or len(body) > 255:
            return head + b"\x00" + len(body).to_bytes(2, "big") + body + b"\x00\x00"
        return head + bytes([len(body)]) + body + b"\x00"

    def unwrap(self, answer: bytes) -> tuple[bytes, int]:
        counter = self._next()
        objects = decode(answer[:-2])
        assert objects, "an answer without secure messaging: " + answer.hex()
        assert objects[-1].tag == 0x8E
        covered = counter + pad(answer[: objects[-1].start], self.block)
        assert self.mac.of(covered) == objects[-1].value
        found = by_tag(answer[:-2])
        assert found[0x99] == answer[-2:]
        data = b""
        if 0x87 in found or 0x85 in found:
            cryptogram = found[0x87][1:] if 0x87 in found else found[0x85]
            data = self.cipher.decrypt(cryptogram, self._vector(counter)).rstrip(b"\x00")[:-1]
        return data, int.from_bytes(found[0x99], "big")


class Terminal:
    """Speaks to one chip."""

    def __init__(self, chip: SimulatedChip) -> None:
        self.chip = chip
        self.messaging: Messaging | None = None
        self.identity = b""
        self.key = b""
        self.authorities: tuple[bytes, ...] = ()
        self.mapping_public = self.mapping_proof = b""

    def send(
        self, head: str, data: bytes = b"", expected: int | None = None, *, extended: bool = False
    ) -> tuple[bytes, int]:
        start = bytes.fromhex(head)
        if self.messaging is not None:
            wrapped = self.messaging.wrap(start, data, expected, extended=extended)
            answer = self.chip.transmit(wrapped)
            while answer[-2] == 0x61:
                more = self.chip.transmit(b"\x00\xc0\x00\x00" + answer[-1:])
                answer = answer[:-2] + more
            if len(answer) == 2:
                return b"", int.from_bytes(answer, "big")
            return self.messaging.unwrap(answer)
        if extended or len(data) > 255 or (expected or 0) > 256:
            start += b"\x00" + (len(data).to_bytes(2, "big") + data if data else b"")
            start += b"" if expected is None else (expected % 65536).to_bytes(2, "big")
        else:
            start += bytes([len(data)]) + data if data else b""
            start += b"" if expected is None else bytes([expected % 256])
        answer = self.chip.transmit(start)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def do(self, head: str, data: bytes = b"", expected: int | None = None, **how: Any) -> bytes:
        answer, status_word = self.send(head, data, expected, **how)
        if status_word != 0x9000:
            raise Refused(status_word)
        return answer

    def select_application(self) -> None:
        self.do("00A4040C", APPLICATION)

    def read(self, fid: int, *, chunk: int = 223) -> bytes:
        self.do("00A4020C", fid.to_bytes(2, "big"))
        content = b""
        while True:
            head, place = f"00B0{len(content):04X}", b""
            if len(content) + chunk > 0x8000:
                head, place = "00B10000", encode(0x54, len(content).to_bytes(3, "big"))
            data, status_word = self.send(head, place, chunk, extended=chunk > 256)
            content += inside(data, 0x53) if place and data else data
            if status_word in (0x6B00, 0x6282):
                return content
            if status_word != 0x9000:
                raise Refused(status_word)

    def basic_access(self, information: str) -> None:
        seed = hashlib.sha1(information.encode(), usedforsecurity=False).digest()[:16]
        cipher = BlockCipher(Suite.TDES, derive(Suite.TDES, seed, 1))
        mac = mac_of(Suite.TDES, derive(Suite.TDES, seed, 2))
        nonce = self.do("00840000", b"", 8)
        own, secret = RANDOM.octets(8), RANDOM.octets(16)
        sent = cipher.encrypt(own + nonce + secret)
        answer = self.do("00820000", sent + mac.of(pad(sent, 8)), 40)
        assert mac.of(pad(answer[:32], 8)) == answer[32:]
        opened = cipher.decrypt(answer[:32])
        assert opened[:16] == nonce + own
        shared = bytes(a ^ b for a, b in zip(secret, opened[16:], strict=True))
        counter = int.from_bytes(nonce[4:] + own[4:], "big")
        self.messaging = Messaging(Suite.TDES, shared, counter)
        self.identity = information[:-14].encode()

    def pace(
        self,
        password: str,
        reference: int = 2,
        *,
        kind: int = 2,
        suite: int = 2,
        parameters: int = 12,
        template: bytes = b"",
    ) -> None:
        group, cipher_suite = standardised(parameters), Suite.of_arc(suite)
        identifier = bytes.fromhex(f"{PACE}{kind:02X}{suite:02X}")
        choice = encode(0x80, identifier) + encode(0x83, bytes([reference]))
        self.do("0022C1A4", choice + encode(0x84, bytes([parameters])) + template)
        secret = password.encode()
        if reference == 1:
            secret = hashlib.sha1(secret, usedforsecurity=False).digest()
        nonce = BlockCipher(cipher_suite, derive(cipher_suite, secret, 3)).decrypt(
            self.step(b"")[0x80]
        )
        if kind in (3, 4):
            other = RANDOM.octets(cipher_suite.key_bytes)
            assert self.step(encode(0x81, other)) == {0x82: b""}
            octets = pseudo_random(cipher_suite, nonce, other, group.field_bits)
            generator = group.map_integrated(octets)
        else:
            mapping = group.pair(RANDOM)
            self.mapping_public = self.step(encode(0x81, mapping.public))[0x82]
            number = int.from_bytes(nonce, "big")
            generator = mapping.map_generic(number, self.mapping_public)
        pair: KeyPair = group.pair(RANDOM, generator)
        peer = self.step(encode(0x83, pair.public))[0x84]
        shared = pair.agree(peer)
        key = derive(cipher_suite, shared, 2)

        def proof(public: bytes) -> bytes:
            covered = encode(0x06, identifier) + encode(group.public_tag, public)
            return token(cipher_suite, key, encode(0x7F49, covered))

        last = self.step(encode(0x85, proof(peer)), last=True)
        assert last[0x86] == proof(pair.public)
        self.messaging = Messaging(cipher_suite, shared)
        self.identity, self.key = group.compress(peer), group.compress(pair.public)
        self.authorities = tuple(last[tag] for tag in (0x87, 0x88) if tag in last)
        if 0x8A in last:
            cipher = BlockCipher(cipher_suite, derive(cipher_suite, shared, 1))
            opened = cipher.decrypt(last[0x8A], cipher.one_block(b"\xff" * 16))
            self.mapping_proof = opened.rstrip(b"\x00")[:-1]

    def step(self, data: bytes, *, last: bool = False) -> dict[int, bytes]:
        head = "00860000" if last else "10860000"
        expected = 256 if len(data) < 200 else 65536
        return by_tag(inside(self.do(head, encode(0x7C, data), expected), 0x7C))

    def chip_authentication(
        self, public: ec.EllipticCurvePublicKey, suite: int = 2, reference: int | None = None
    ) -> None:
        curve = Curve.named(public.curve.name)
        numbers = public.public_numbers()
        pair = curve.pair(RANDOM)
        choice = b"" if reference is None else encode(0x84, bytes([reference]))
        if suite == 1:
            self.do("002241A6", encode(0x91, pair.public) + choice)
        else:
            identifier = bytes.fromhex(f"{CHIP_AUTHENTICATION}{suite:02X}")
            self.do("002241A4", encode(0x80, identifier) + choice)
            data = encode(0x7C, encode(0x80, pair.public))
            assert self.do("00860000", data, 256) == b"\x7c\x00"
        shared = pair.agree(curve.encode((numbers.x, numbers.y)))
        self.messaging = Messaging(Suite.of_arc(suite), shared)
        self.key = curve.compress(pair.public)

    def present(self, authority: bytes, certificate: bytes) -> None:
        """Have one certificate verified and imported; in a chain of commands if it is long."""
        self.do("002281B6", encode(0x83, authority))
        body = inside(certificate, 0x7F21)
        while len(body) > 200:
            self.do("102A00BE", body[:200])
            body = body[200:]
        self.do("002A00BE", body)

    def prove(self, holder: bytes, key: ec.EllipticCurvePrivateKey) -> None:
        self.do("002281A4", encode(0x83, holder))
        nonce = self.do("00840000", b"", 8)
        self.do("00820000", plain_signature(key, self.identity + nonce + self.key))


def plain_signature(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """ECDSA as r and s behind one another, with SHA-256."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def cv_certificate(
    authority: bytes,
    holder: bytes,
    role_and_rights: int,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    effective: str = "260101",
    expiry: str = "291231",
    *,
    with_curve: bool = True,
) -> bytes:
    """Issue a card-verifiable certificate of an inspection system, ECDSA with SHA-256."""
    curve = Curve.named(key.curve.name)
    numbers = key.public_key().public_numbers()
    size = curve.size
    parts = encode(0x06, bytes.fromhex("04007F00070202020203"))
    if with_curve:
        for tag, value in ((0x81, curve.prime), (0x82, curve.a), (0x83, curve.b)):
            parts += encode(tag, value.to_bytes(size, "big"))
        parts += encode(0x84, curve.encode(curve.base))
        parts += encode(0x85, curve.order.to_bytes(curve.order_size, "big"))
    parts += encode(0x86, curve.encode((numbers.x, numbers.y)))
    if with_curve:
        parts += encode(0x87, b"\x01")
    template = encode(0x06, bytes.fromhex("04007F000703010201"))
    body = encode(0x5F29, b"\x00") + encode(0x42, authority) + encode(0x7F49, parts)
    body += encode(0x5F20, holder)
    body += encode(0x7F4C, template + encode(0x53, bytes([role_and_rights])))
    body += encode(0x5F25, bytes(map(int, effective))) + encode(0x5F24, bytes(map(int, expiry)))
    whole = encode(0x7F4E, body)
    return encode(0x7F21, whole + encode(0x5F37, plain_signature(signer, whole)))


__all__ = ["Refused", "Terminal", "cv_certificate", "plain_signature"]
