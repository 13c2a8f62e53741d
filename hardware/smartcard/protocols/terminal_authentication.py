"""Terminal Authentication: the terminal proves to the chip that it may read fingerprints.

Version 1, as it follows Chip Authentication or PACE with Chip Authentication Mapping. Sources:
BSI TR-03110-1, 3.5; TR-03110-3, A.6, B.3 and C.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hardware.smartcard import tlv
from hardware.smartcard.apdu import SW, Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.cv_certificate import (
    AUTHORITY,
    LONGEST_CHAIN,
    SIGNATURE,
    CvCertificate,
    Role,
    decode_reference,
    encode_reference,
)
from hardware.smartcard.link import CardLink
from hardware.smartcard.pki.keys import SigningKey

KEY_NAME = 0x83
CHALLENGE = 8
CVCA_FILE, CVCA_SHORT_IDENTIFIER = 0x011C, 0x1C
CVCA_FILE_SIZE = 36
"""EF.CVCA holds one or two names and zeros after them (TR-03110-3, A.6.2.2)."""
_TD1 = 90
_READ_ENDS = (SW.OK, SW.END_OF_FILE)


@dataclass(frozen=True, slots=True, repr=False)
class Terminal:
    """An inspection system: its key, and certificates that lead from authorities to it.

    Attributes:
        certificates: In any order: its own, its verifier's, and the authority's links, with
            which a chip that knows an older key of the authority learns the newer one.
        key: What its own certificate certifies.
    """

    certificates: tuple[CvCertificate, ...]
    key: SigningKey

    def chain_from(self, authority: str, on: date) -> tuple[CvCertificate, ...]:
        """Find the shortest chain from an authority's key to this terminal's; empty for none.

        What ends before that day is left out, except authorities' links: a chip takes them
        late too (TR-03110-3, A.6.2.2).
        """
        waiting: deque[tuple[str, tuple[CvCertificate, ...]]] = deque([(authority, ())])
        seen = {authority}
        while waiting:
            name, chain = waiting.popleft()
            for certificate in self.certificates:
                if certificate.car != name or _is_over(certificate, on):
                    continue
                longer = (*chain, certificate)
                if self._is_own(certificate):
                    return longer
                if certificate.chr not in seen and len(longer) < LONGEST_CHAIN:
                    seen.add(certificate.chr)
                    waiting.append((certificate.chr, longer))
        return ()

    def _is_own(self, certificate: CvCertificate) -> bool:
        is_terminal = certificate.role is Role.INSPECTION_SYSTEM
        return is_terminal and certificate.public_key.is_key(self.key.public_key)


def run(
    link: CardLink,
    terminal: Terminal,
    chip_identity: bytes,
    compressed: bytes,
    on: date,
    authorities: Sequence[str] = (),
) -> None:
    """Show the chip a chain that it can follow, and sign its challenge.

    Args:
        link: The chip, under the session of Chip Authentication.
        terminal: Key and certificates.
        chip_identity: ID_IC: after BAC the document number with its check digit, after PACE the
            compressed ephemeral public key of the chip.
        compressed: Comp(PK): of the terminal's ephemeral public key of Chip Authentication.
        on: Today; certificates that are over are not shown.
        authorities: The keys that the chip trusts, if it has said so already (in PACE).

    Raises:
        ChipError: There is no chain from what the chip trusts (untrusted), or the chip refuses a
            certificate or the signature (refused).
    """
    chain = _chain(terminal, authorities or trusted_authorities(link), on)
    for certificate in chain:
        _set(link, 0x81, 0xB6, certificate.car, "the authority's key")
        data = certificate.body + tlv.build(SIGNATURE, certificate.signature)
        link.send(Command(0x2A, 0x00, 0xBE, data)).require_ok("a certificate")
    _set(link, 0x81, 0xA4, chain[-1].chr, "the terminal's key")
    answer = link.send(Command(0x84, 0x00, 0x00, expected=CHALLENGE))
    challenge = answer.require_ok("a challenge")
    if len(challenge) != CHALLENGE:
        raise ChipError("malformed", "a challenge of another size")
    signature = terminal.key.sign(chip_identity + challenge + compressed)
    link.send(Command(0x82, 0x00, 0x00, signature)).require_ok("Terminal Authentication")


def trusted_authorities(link: CardLink) -> tuple[str, ...]:
    """Read which keys of authorities the chip trusts: EF.CVCA of the selected application.

    Raises:
        ChipError: It does not make sense, or cannot be read.
    """
    command = Command(0xB0, 0x80 | CVCA_SHORT_IDENTIFIER, 0x00, expected=CVCA_FILE_SIZE)
    answer = link.send(command)
    if answer.status_word not in _READ_ENDS:
        link.select_file(CVCA_FILE)
        answer = link.send(Command(0xB0, 0x00, 0x00, expected=CVCA_FILE_SIZE))
    data = answer.data if answer.status_word in _READ_ENDS else answer.require_ok("EF.CVCA")
    names = tlv.parse(data[: _end_of_names(data)])
    return tuple(decode_reference(name.value) for name in names if name.tag == AUTHORITY)


def document_identity(zone: str) -> bytes:
    """Return ID_IC of a chip opened with BAC: the document number and its check digit.

    Args:
        zone: The text of DG1: TD1, TD2 or TD3, without line breaks.
    """
    if len(zone) != _TD1:
        second = zone[len(zone) // 2 :]
        return second[:10].encode("latin-1")
    number, rest = zone[5:15], zone[15:30].partition("<")[0]
    if number[9] == "<" and rest:
        return (number[:9] + rest).encode("latin-1")
    return number.encode("latin-1")


def _is_over(certificate: CvCertificate, on: date) -> bool:
    return certificate.role is not Role.AUTHORITY and certificate.expiry < on


def _chain(terminal: Terminal, authorities: Iterable[str], on: date) -> tuple[CvCertificate, ...]:
    """Choose the shortest chain from any key that the chip trusts."""
    chains = [chain for name in authorities if (chain := terminal.chain_from(name, on))]
    if not chains:
        raise ChipError("untrusted", "the chip trusts no authority of this terminal")
    return min(chains, key=len)


def _set(link: CardLink, first: int, second: int, name: str, doing: str) -> None:
    data = tlv.build(KEY_NAME, encode_reference(name))
    link.send(Command(0x22, first, second, data)).require_ok(doing)


def _end_of_names(data: bytes) -> int:
    """Find where the zeros after the last name begin."""
    at = 0
    while at < len(data) and data[at]:
        _, length, head = tlv.read_head(data[at : at + 8])
        at += head + length
    return at
