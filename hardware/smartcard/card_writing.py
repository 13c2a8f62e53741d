"""Writing a card: what was prepared goes onto it inside a secure channel, and it is locked.

Power may go at any time: before the lock all of it can be begun again, after it the card says
already_personalised. Keys that everybody knows are replaced by the card's own on the way.
"""

from collections.abc import Callable

from hardware.smartcard.apdu import SHORT_ANSWER, Command, Response
from hardware.smartcard.applet_profiles import AppletProfile, Writer
from hardware.smartcard.card_data import PersonalisationData, WrittenCard, digests
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.interface import Chip
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols.scp03 import SecureChannel, open_channel, open_diversified
from hardware.smartcard.protocols.scp03_keys import CardManagerKeys

OTHER_KEYS = ("not_genuine", "refused", "no_file")
"""Reasons for which a card manager may hold other keys than were tried."""
INITIAL_KEYS = 0xFF
"""The version of keys that go as soon as others come (GPCS 11.8)."""
LONGEST_BLOCK = 2048
"""Card readers often have room for little more, whatever the card announces."""

OwnKeys = Callable[[bytes], CardManagerKeys]
"""Makes a card's own keys of its ten bytes of key diversification data."""


def write_card(
    chip: Chip,
    data: PersonalisationData,
    card_keys: CardManagerKeys,
    profile: AppletProfile,
    own_keys: OwnKeys | None = None,
    atr: bytes = b"",
) -> WrittenCard:
    """Write a chip that was just given power, and lock it for ever.

    Args:
        chip: The chip.
        data: What goes onto it. After a power cut other data may be written as well.
        card_keys: Keys of the card manager as the card came.
        profile: How its applet is written.
        own_keys: Makes the keys that replace card_keys; None leaves those.
        atr: The answer to reset, which may announce extended length.

    Raises:
        ChipError: already_personalised; not_genuine: the card manager has other keys; refused;
            mismatch: it took other keys than it was given.
        DeviceError: The reader or the contact failed.
        ValueError: The data cannot be written with this profile.
    """
    link = CardLink(chip, atr)
    if not profile.needs_channel:
        link.select_application(profile.manager)
        return _write(link, data, profile, 0)
    link.learn_limits()
    channel, version = _opened(link, profile, card_keys, own_keys)
    return _write(_ProtectedWriter(link, channel), data, profile, version)


class _ProtectedWriter:
    """Writes through the secure channel, in commands as long as card and reader take them."""

    def __init__(self, link: CardLink, channel: SecureChannel) -> None:
        self._channel = channel
        self._longest = channel.longest_data(min(link.longest_data, LONGEST_BLOCK))

    @property
    def longest_data(self) -> int:
        return self._longest

    def send(self, command: Command) -> Response:
        return self._channel.send(command)


def _write(
    writer: Writer, data: PersonalisationData, profile: AppletProfile, version: int
) -> WrittenCard:
    profile.write(writer, data)
    return WrittenCard(digests(data.files), digests(data.master_files), version)


def _opened(
    link: CardLink, profile: AppletProfile, keys: CardManagerKeys, own_keys: OwnKeys | None
) -> tuple[SecureChannel, int]:
    """Open the channel with the keys the card came with, or those an earlier attempt gave it.

    The second value is the version of the card's own keys, 0 where it keeps what it came with.
    """
    link.send(Command(0xA4, 0x04, 0x00, profile.manager, SHORT_ANSWER)).require_ok("the manager")
    if own_keys is None:
        return open_channel(link, keys), 0
    try:
        channel = open_channel(link, keys)
    except ChipError as error:
        if error.reason not in OTHER_KEYS:
            raise
        channel = open_diversified(link, lambda offer: own_keys(offer.diversification))
        return channel, channel.offer.version
    offer = channel.offer
    new = own_keys(offer.diversification)
    channel.put_keys(new, keys, 0 if offer.version == INITIAL_KEYS else offer.version)
    return channel, new.version
