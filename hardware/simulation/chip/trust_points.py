"""The certification authorities that a chip trusts (ICAO Doc 9303-11 clause 7.1.4.3)."""

from hardware.simulation.chip.answers import Refusal
from hardware.simulation.chip.cv_certificates import CvCertificate
from hardware.simulation.chip.memory import Store
from hardware.simulation.chip.objects import encode

CERTIFICATE, REFERENCE = 0x7F21, 0x42
FILE_SIZE = 36
"""EF.CVCA (BSI TR-03110-1 A.3.2): two references, then zeros."""
MOST = 2


def trust_points(store: Store) -> list[CvCertificate]:
    """List the trust points, the most recent first."""
    found = []
    for text in store.memory.get("trust_points", []):
        try:
            found.append(CvCertificate.parse(bytes.fromhex(text)))
        except Refusal:
            continue
    return sorted(found, key=lambda one: one.effective, reverse=True)


def references(store: Store) -> list[bytes]:
    """List the holders' references, the most recent first."""
    return [point.holder for point in trust_points(store)]


def add_trust_point(store: Store, certificate: CvCertificate) -> None:
    """Add a trust point, or put it in the place of its namesake; the oldest of three goes."""
    kept = [point for point in trust_points(store) if point.holder != certificate.holder]
    kept = sorted([certificate, *kept], key=lambda one: one.effective, reverse=True)[:MOST]
    store.memory["trust_points"] = [point.encoded.hex() for point in kept]


def file_of_references(store: Store) -> bytes:
    """Return the content of EF.CVCA; nothing if the chip trusts nobody."""
    content = b"".join(encode(REFERENCE, reference) for reference in references(store))
    return content.ljust(FILE_SIZE, b"\x00") if content else b""
