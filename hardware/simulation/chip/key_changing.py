"""PUT KEY: the card manager takes keys of its own instead of those it left the factory with.

Sources: GlobalPlatform Card Specification 2.3, 11.8; Amendment D, 7.2 (AES keys, check values).
"""

from hmac import compare_digest

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.memory import TEST_KEY, Store
from hardware.simulation.chip.symmetric import BlockCipher, Suite

THREE_KEYS = 0x81
"""P2: several keys in one command, the first with identifier 1: ENC, MAC, DEK."""
NAMES = ("encryption", "authentication", "data_encryption")
AES, CHECK = 0x88, 3
SUITES = {16: Suite.AES128, 24: Suite.AES192, 32: Suite.AES256}
HIGHEST_VERSION = 0x7F
INITIAL = 0xFF
"""The version of keys from the factory that go as soon as others come beside them."""
BESIDE = 0
"""P1: no keys are replaced, these are further ones."""


def put_key(store: Store, command: Command) -> bytes:
    """Replace all three keys at once; the answer names their version and check values.

    A power cut leaves the old keys or the new ones, never some of each. There is room for one
    version: further keys are taken only where those of the factory give way.

    Raises:
        Refusal: 6A88, no keys of the version to replace; 6A84, no room for further ones; 6A86;
            6A80, a key or its check value is wrong.
    """
    kept = store.memory.get("manager_keys", {})
    if command.p2 != THREE_KEYS or command.p1 > HIGHEST_VERSION or not command.data:
        raise Refusal(SW.WRONG_PARAMETERS)
    present = int(kept.get("version", 1))
    if command.p1 not in (BESIDE, present):
        raise Refusal(SW.REFERENCE_NOT_FOUND)
    if command.p1 == BESIDE and present != INITIAL:
        raise Refusal(SW.NO_SPACE)
    version = command.data[0]
    if not 1 <= version <= HIGHEST_VERSION:
        raise Refusal(SW.WRONG_DATA)
    transport = bytes.fromhex(kept.get("data_encryption", TEST_KEY))
    keys, answer, rest = [], bytes([version]), command.data[1:]
    for _ in NAMES:
        key, rest = _unwrap(rest, transport)
        keys.append(key)
        answer += _check_value(key)
    if rest or len({len(key) for key in keys}) != 1:
        raise Refusal(SW.WRONG_DATA)
    store.memory["manager_keys"] = {
        **kept,
        **dict(zip(NAMES, (key.hex() for key in keys), strict=True)),
        "version": version,
    }
    store.saved()
    return answer


def _unwrap(data: bytes, transport: bytes) -> tuple[bytes, bytes]:
    """Take one key off: type, length, key length, secret, check length, check value."""
    try:
        kind, length, size = data[0], data[1], data[2]
        secret, checked = data[3 : 2 + length], data[2 + length]
        check, rest = data[3 + length : 6 + length], data[6 + length :]
    except IndexError:
        raise Refusal(SW.WRONG_DATA) from None
    if kind != AES or size not in SUITES or checked != CHECK or len(secret) != -(-size // 16) * 16:
        raise Refusal(SW.WRONG_DATA)
    key = BlockCipher(SUITES[len(transport)], transport).decrypt(secret)[:size]
    if not compare_digest(_check_value(key), check):
        raise Refusal(SW.WRONG_DATA)
    return key, rest


def _check_value(key: bytes) -> bytes:
    return BlockCipher(SUITES[len(key)], key).one_block(b"\x01" * 16)[:CHECK]
