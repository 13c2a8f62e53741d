"""Basic Access Control: a session for who knows the machine-readable zone (3DES alone).

Sources: ICAO Doc 9303-11, 4.3 and appendix D.
"""

import secrets
from collections.abc import Callable
from hmac import compare_digest

from hardware.smartcard.apdu import SW, Command
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols.ciphers import (
    Cipher,
    decrypt,
    derive_key,
    encrypt,
    exclusive_or,
    mac,
    pad,
)
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.secure_messaging import SecureMessaging

CHALLENGE = 8
KEY = 16
ANSWER = 40
NOT_OFFERED = (
    SW.WRONG_LENGTH,
    SW.CONDITIONS_NOT_SATISFIED,
    SW.FUNCTION_NOT_SUPPORTED,
    SW.WRONG_PARAMETERS,
    SW.INSTRUCTION_NOT_SUPPORTED,
    SW.CLASS_NOT_SUPPORTED,
)
"""Refusals that are about the command. Chips use many others for a wrong key: 6300, 6982, 6988."""


def run(
    link: CardLink,
    password: Password,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> None:
    """Open a session and give it to the link.

    Args:
        link: The link, with the application selected.
        password: One made of the machine-readable zone.
        random_bytes: Where the terminal's random numbers come from.

    Raises:
        ValueError: The password is of another kind.
        ChipError: wrong_password, not_genuine for a chip that does not know the zone itself,
            refused or malformed.
    """
    if password.bac_seed is None:
        raise ValueError("BAC is opened with the machine-readable zone")
    link.session = None
    encryption = derive_key(Cipher.TDES, password.bac_seed, 1)
    authentication = derive_key(Cipher.TDES, password.bac_seed, 2)
    challenge = link.send(Command(0x84, 0x00, 0x00, expected=CHALLENGE)).require_ok("a challenge")
    if len(challenge) != CHALLENGE:
        raise ChipError("malformed", "a challenge of another length")
    own_challenge, own_key = random_bytes(CHALLENGE), random_bytes(KEY)
    hidden = encrypt(Cipher.TDES, encryption, own_challenge + challenge + own_key)
    seal = mac(Cipher.TDES, authentication, pad(hidden, 8))
    answer = link.send(Command(0x82, 0x00, 0x00, hidden + seal, ANSWER))
    if answer.status_word != SW.OK:
        reason = "refused" if answer.status_word in NOT_OFFERED else "wrong_password"
        raise ChipError(reason, "basic access control", answer.status_word)
    chip_key = _open(answer.data, encryption, authentication, challenge + own_challenge)
    seed = exclusive_or(own_key, chip_key)
    link.session = SecureMessaging(
        Cipher.TDES,
        derive_key(Cipher.TDES, seed, 1),
        derive_key(Cipher.TDES, seed, 2),
        int.from_bytes(challenge[4:] + own_challenge[4:], "big"),
    )


def _open(answer: bytes, encryption: bytes, authentication: bytes, challenges: bytes) -> bytes:
    """Check the chip's half and return its key."""
    if len(answer) != ANSWER:
        raise ChipError("malformed", "an answer of another length")
    hidden, seal = answer[:-8], answer[-8:]
    if not compare_digest(mac(Cipher.TDES, authentication, pad(hidden, 8)), seal):
        raise ChipError("not_genuine", "the chip does not know the zone")
    told = decrypt(Cipher.TDES, encryption, hidden)
    if not compare_digest(told[:16], challenges):
        raise ChipError("not_genuine", "an answer to another challenge")
    return told[16:]
