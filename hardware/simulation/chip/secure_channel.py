"""The card manager's secure channel: SCP03, the card's side (GlobalPlatform Amendment D)."""

from dataclasses import replace
from hmac import compare_digest
from typing import NamedTuple

from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.memory import TEST_KEY, Store
from hardware.simulation.chip.randomness import Randomness
from hardware.simulation.chip.symmetric import BlockCipher, MacAes, Suite, unpad

CHALLENGE = MAC = 8
CARD_CRYPTOGRAM, HOST_CRYPTOGRAM, CARD_CHALLENGE = 0x00, 0x01, 0x02
SESSION_ENCRYPTION, SESSION_MAC = 0x04, 0x06
"""Derivation constants (table 4-1)."""
C_MAC, C_DECRYPTION = 0x01, 0x02
PROTOCOL = 0x03
PSEUDO_RANDOM = 0x10
"""Bit of the protocol's parameter i: the card challenge can be computed by the host."""
DIVERSIFICATION = 10
SUITES = {16: Suite.AES128, 24: Suite.AES192, 32: Suite.AES256}


class Keys(NamedTuple):
    """The card manager's static keys."""

    encryption: bytes
    authentication: bytes
    version: int
    parameter: int


class Handshake(NamedTuple):
    """What INITIALIZE UPDATE has agreed on."""

    host_cryptogram: bytes
    cipher: BlockCipher
    mac: MacAes


class SecureChannel:
    """The channel's state: shut, half open, or open at a security level."""

    def __init__(self, store: Store, random: Randomness) -> None:
        self._store = store
        self._random = random
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether a host has proved that it holds the keys."""
        return self._level > 0

    def close(self) -> None:
        """End the channel, open or not."""
        self._handshake: Handshake | None = None
        self._level = 0
        self._chain = bytes(16)
        self._counter = 0

    def initialize_update(self, command: Command, application: bytes) -> bytes:
        """INITIALIZE UPDATE (7.1.1): derive session keys, prove that the card has the static ones.

        Raises:
            Refusal: 6A88, the card has no keys of this version.
        """
        self.close()
        keys = self._keys()
        if command.p1 not in (0, keys.version):
            raise Refusal(SW.REFERENCE_NOT_FOUND)
        if command.p2 or len(command.data) != CHALLENGE:
            raise Refusal(SW.WRONG_DATA)
        counter = b""
        challenge = self._random.octets(CHALLENGE)
        if keys.parameter & PSEUDO_RANDOM:
            counter = self._next_counter()
            context = counter + application
            challenge = derive(keys.encryption, CARD_CHALLENGE, context, CHALLENGE)
        context = command.data + challenge
        session_key = derive(keys.encryption, SESSION_ENCRYPTION, context, len(keys.encryption))
        mac_key = derive(keys.authentication, SESSION_MAC, context, len(keys.authentication))
        self._handshake = Handshake(
            derive(mac_key, HOST_CRYPTOGRAM, context, MAC),
            BlockCipher(SUITES[len(session_key)], session_key),
            MacAes(mac_key),
        )
        described = bytes([keys.version, PROTOCOL, keys.parameter])
        serial = bytes.fromhex(self._store.memory["serial"]).rjust(DIVERSIFICATION, b"\x00")
        cryptogram = derive(mac_key, CARD_CRYPTOGRAM, context, MAC)
        return serial + described + challenge + cryptogram + counter

    def external_authenticate(self, command: Command) -> bytes:
        """EXTERNAL AUTHENTICATE (7.1.2): check the host, and open the channel at its level.

        Raises:
            Refusal: 6300, the host lacks the keys; 6982, its MAC is wrong.
        """
        handshake = self._handshake
        if handshake is None:
            raise Refusal(SW.NOT_NOW)
        self._handshake = None
        if command.p1 not in (C_MAC, C_MAC | C_DECRYPTION) or command.p2:
            raise Refusal(SW.WRONG_PARAMETERS)
        if len(command.data) != 2 * MAC:
            raise Refusal(SW.WRONG_LENGTH)
        if not compare_digest(command.data[:MAC], handshake.host_cryptogram):
            raise Refusal(SW.NOT_AUTHENTICATED)
        self._handshake = handshake
        try:
            self._take_mac_off(command, handshake)
        except Refusal:
            self.close()
            raise
        self._level = command.p1
        return b""

    def unwrap(self, command: Command) -> Command:
        """Check and open a command of the open channel; a wrong one shuts it with 6982."""
        handshake = self._handshake
        if handshake is None or not self._level:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        try:
            data = self._take_mac_off(command, handshake)
            if self._level & C_DECRYPTION:
                self._counter += 1
                data = self._decrypt(data, handshake.cipher)
        except Refusal:
            self.close()
            raise Refusal(SW.SECURITY_NOT_SATISFIED) from None
        return replace(command, cla=command.cla & ~0x04, data=data)

    def _take_mac_off(self, command: Command, handshake: Handshake) -> bytes:
        data, mac = command.data[:-MAC], command.data[-MAC:]
        size = len(command.data)
        length = b"\x00" + size.to_bytes(2, "big") if command.extended else bytes([size % 256])
        chain = handshake.mac.full(self._chain + command.header + length + data)
        if not compare_digest(chain[:MAC], mac):
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        self._chain = chain
        return data

    def _decrypt(self, data: bytes, cipher: BlockCipher) -> bytes:
        if not data:
            return b""
        if len(data) % 16:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        return unpad(cipher.decrypt(data, cipher.one_block(self._counter.to_bytes(16, "big"))))

    def _next_counter(self) -> bytes:
        count = int(self._store.memory.get("channel_counter", 0)) + 1
        self._store.memory["channel_counter"] = count
        return (count % (1 << 24)).to_bytes(3, "big")

    def _keys(self) -> Keys:
        kept = self._store.memory.get("manager_keys", {})
        by_applet = 0 if self._store.memory.get("applet") == "jmrtd" else PSEUDO_RANDOM
        return Keys(
            bytes.fromhex(kept.get("encryption", TEST_KEY)),
            bytes.fromhex(kept.get("authentication", TEST_KEY)),
            int(kept.get("version", 1)),
            int(kept.get("parameter", by_applet)),
        )


def derive(key: bytes, constant: int, context: bytes, size: int) -> bytes:
    """The data derivation scheme (4.1.5): NIST SP 800-108 in counter mode with CMAC."""
    mac = MacAes(key)
    label = bytes(11) + bytes([constant]) + b"\x00" + (8 * size).to_bytes(2, "big")
    blocks = (mac.full(label + bytes([number]) + context) for number in range(1, size // 16 + 2))
    return b"".join(blocks)[:size]
