"""The hash that ties each capture to the one before.

hash = hex(SHA-256(previous as bytes + SHA-256(ISO record))), in capitals; the previous of the first
is SHA-256 of nothing. Of the three readings in the wild this one is what MOSIP's conformance suite
accepts (compliance-toolkit, HashValidator).
"""

from hashlib import sha256

from hardware.sbi.refusals import malformed

BEGINNING = sha256(b"").digest()


def linked(previous: str, record: bytes) -> str:
    """Return the hash of a record behind previous; nothing begins a chain.

    Raises:
        AnswerRefusedError: previous is no hash (malformed).
    """
    try:
        before = bytes.fromhex(previous) if previous else BEGINNING
    except ValueError as error:
        raise malformed("a hash that is no hexadecimal number") from error
    return sha256(before + sha256(record).digest()).hexdigest().upper()
