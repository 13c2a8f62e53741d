"""Where the packet key lies: its private halves only with whoever opens packets."""

import os
from pathlib import Path

from pydantic import ValidationError

from backend.keys import SecretError, read_secret
from backend.settings import Settings, read
from common.wire.packet_keys import PacketPrivateKey, PacketPublicKey

PRIVATE, PUBLIC = "packet.key", "packet.pub"


def packet_keys(settings: Settings) -> tuple[PacketPrivateKey | None, PacketPublicKey | None]:
    """Read what backend.toml names; an edge that only takes packets in names the public key.

    Raises:
        SecretError: A key cannot be read, or is none.
    """
    private: PacketPrivateKey | None = None
    if settings.backend.packet_key is not None:
        try:
            private = PacketPrivateKey.from_text(
                read_secret(settings.backend.packet_key, settings.folder)
            )
        except ValueError as error:
            raise SecretError(f"packet_key: {error}") from error
    if settings.backend.packet_public_key is None:
        return private, None if private is None else private.public()
    text = read_secret(settings.backend.packet_public_key, settings.folder)
    try:
        return private, PacketPublicKey.model_validate_json(text)
    except ValidationError as error:
        raise SecretError("packet_public_key is no public key") from error


def make_packet_key(config: Path) -> tuple[Path, Path]:
    """Make a new key beside backend.toml: packet.key for whoever opens, packet.pub for the edge.

    Raises:
        SettingsError: backend.toml is wrong.
        SecretError: There is a key already: without it the packets sealed to it stay closed.
    """
    folder = read(config).folder
    private, public = folder / PRIVATE, folder / PUBLIC
    key = PacketPrivateKey.make()
    try:
        handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SecretError(f"{PRIVATE} is there already") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.text() + "\n")
        file.flush()
        os.fsync(file.fileno())
    public.write_text(key.public().model_dump_json() + "\n", "ascii")
    return private, public
