"""Reads station.toml and says in which line it is wrong."""

import os
import re
import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from common.domain.language import OFFICE_LANGUAGES, Language
from common.i18n.steps import Readiness, readiness

LEAST_SIDE = 600
"""Of a display, in pixels: less holds no kiosk's screen."""


class ConfigError(Exception):
    """station.toml does not describe a station; the message names file and line."""


class StationKind(StrEnum):
    """The programs."""

    TAG = "tag"
    REGISTRATION = "registration"
    BENCH = "bench"
    COLLECTION = "collection"
    BOOTH = "booth"
    DISPLAY = "display"


SPEAKS_MORE = {StationKind.TAG, StationKind.REGISTRATION, StationKind.BENCH, StationKind.COLLECTION}
"""Where a person is alone with the machine, and is helped in more than the office's languages."""


@dataclass(frozen=True, slots=True)
class DeviceConfig:
    """One device: the role the station knows, the driver, and where the device is."""

    name: str
    driver: str
    address: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CardsConfig:
    """Whose cards count here, and what they let this station read.

    Attributes:
        trust: Folder that an authority publishes: certificates and revocation lists.
        terminal: Folder of this station's own certificates and key; None where it reads no
            fingers out of cards.
        keys: Where this station's private keys are: "file:NAME" or "keyring:SERVICE/NAME" of the
            passphrase of key files, or "pkcs11:..." of a token.
        home: The folder that names of secrets are relative to.
    """

    trust: Path
    terminal: Path | None
    keys: str
    home: Path


@dataclass(frozen=True, slots=True, repr=False)
class IssuingConfig:
    """What a station that makes cards signs and opens them with.

    Attributes:
        signer: Folder of the document signer's certificate, and of its key unless a token has it.
        card_key: The card manager's key as the blanks come, 32 or more hexadecimal digits.
        master_key: The key that the keys of each card are made of.
    """

    signer: Path
    card_key: str
    master_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineConfig:
    """What makes sound of sentences.

    Attributes:
        command: A speech program that reads text and writes WAV, instead of espeak-ng; {voice}
            and {words} (a minute) are filled in.
        voices: That program's voices by language.
        prompts: A folder of recordings by language, preferred to the program.
    """

    command: tuple[str, ...] = ()
    voices: dict[str, str] = field(default_factory=dict)
    prompts: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechConfig(EngineConfig):
    """What reads the screens of a public station, and the keys beside the earphone jack.

    Attributes:
        output: Where sound goes: alsa:DEVICE, or tcp://host:port of a sound server.
        keypad: Where the keypad is read by its reports, hid:VID:PID or hid+tcp://host:port; empty
            where its keys come as those of any keyboard.
        keys: Keypad key -> names of Qt.Key, where they are not as usual.
        captions: Whether what is spoken is written, too.
        double_strike_s: The same key again so soon is one strike; at most 0.5 s.
    """

    output: str
    keypad: str = ""
    keys: dict[str, list[str]] = field(default_factory=dict)
    captions: bool = True
    double_strike_s: float = 0.2


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What one station.toml says.

    Attributes:
        size: The display's width and height in pixels, where it hangs otherwise than this kind's
            usually do.
        languages: What the screen offers, as far as their texts are there; see spoken.
        assist_drafts: Whether languages may be offered whose texts no translator has checked.
        takes_photographs: A registration kiosk takes the portrait of grown-ups itself.
        loudspeaker: Where a kiosk's tones go, and a panel's calls: alsa:DEVICE, or tcp://host:port
            of a sound server; empty where the display's own bell is all there is.
        hall_voice: What a panel calls with at its loudspeaker.
    """

    file: Path
    name: str
    kind: StationKind
    office: str
    place: str
    languages: tuple[Language, ...]
    assist_drafts: bool
    data: Path
    backend_address: str
    backend_key: str
    devices: dict[str, DeviceConfig]
    cards: CardsConfig | None
    issuing: IssuingConfig | None
    size: tuple[int, int] | None = None
    speech: SpeechConfig | None = None
    takes_photographs: bool = False
    loudspeaker: str = ""
    hall_voice: EngineConfig = EngineConfig()

    @property
    def spoken(self) -> tuple[Language, ...]:
        """The languages whose texts are whole for this kind of station, and checked."""
        least = Readiness.DRAFT if self.assist_drafts else Readiness.CHECKED
        return tuple(
            one
            for one in self.languages
            if one in OFFICE_LANGUAGES or readiness(one, self.kind) >= least
        )


def read(file: Path) -> StationConfig:
    """Read and check a station.toml.

    Raises:
        ConfigError: It is missing, not TOML, or lacks something.
    """
    try:
        text = file.read_text("utf-8")
        found = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: {error}") from error
    reader = _Reader(file, text, found)
    station, backend = reader.table("station"), reader.table("backend")
    kind = reader.one_of(station, "station", "kind", StationKind)
    return StationConfig(
        file=file,
        name=reader.text(station, "station", "name"),
        kind=kind,
        office=reader.text(station, "station", "office"),
        place=str(station.get("place", "")),
        languages=reader.languages(station, kind),
        assist_drafts=station.get("assist_drafts") is True,
        data=file.parent / str(station.get("data", "data")),
        backend_address=reader.text(backend, "backend", "address"),
        backend_key=reader.text(backend, "backend", "key"),
        devices={
            name: DeviceConfig(
                name,
                reader.text(entry, f"devices.{name}", "driver"),
                reader.text(entry, f"devices.{name}", "address"),
                dict(entry.get("options", {})),
            )
            for name, entry in found.get("devices", {}).items()
        },
        cards=reader.cards(file.parent),
        issuing=reader.issuing(file.parent),
        size=reader.size(station),
        speech=reader.speech(file.parent),
        takes_photographs=reader.flag(station, "station", "takes_photographs"),
        loudspeaker=reader.loudspeaker(),
        hall_voice=reader.hall_voice(file.parent),
    )


def secret(where: str, folder: Path) -> str:
    """Fetch a secret: "file:NAME" (relative to folder) or "keyring:SERVICE/NAME".

    Raises:
        ConfigError: It is not there.
    """
    kind, _, name = where.partition(":")
    if kind == "file":
        try:
            return (folder / name).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigError(f"no key file {name}: {error.strerror}") from error
    if kind == "keyring":
        import keyring  # noqa: PLC0415 (slow to import, and most stations have none)

        service, _, entry = name.partition("/")
        found = keyring.get_password(service, entry)
        if found is None:
            raise ConfigError(f"the keyring holds no {name}")
        return found
    raise ConfigError(f"a key is given as file:NAME or keyring:SERVICE/NAME, not {kind!r}")


def journal_key(data: Path) -> bytes:
    """Fetch the journal's key, making it on the first start.

    It lies beside the journal with mode 0600: this protects a copied journal, not a stolen
    computer; for that, installations keep the folder on an encrypted disk.
    """
    file = data / "journal.key"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        scratch = file.with_suffix(".new")
        scratch.touch(mode=0o600)
        scratch.write_text(os.urandom(32).hex(), "ascii")
        scratch.replace(file)
    return bytes.fromhex(file.read_text("ascii"))


def _engine(table: dict[str, Any], folder: Path) -> EngineConfig:
    prompts = str(table.get("prompts", ""))
    return EngineConfig(
        command=tuple(str(word) for word in table.get("command", ())),
        voices={str(name): str(voice) for name, voice in table.get("voices", {}).items()},
        prompts=folder / prompts if prompts else None,
    )


class _Reader:
    def __init__(self, file: Path, text: str, found: dict[str, Any]) -> None:
        self._file = file
        self._lines = text.splitlines()
        self._found = found

    def table(self, name: str) -> dict[str, Any]:
        table = self._found.get(name)
        if not isinstance(table, dict):
            raise ConfigError(f"{self._file}: there is no [{name}]")
        return table

    def text(self, table: dict[str, Any], where: str, key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value:
            raise self._error(where, key, f'[{where}] needs {key} = "..."')
        return value

    def flag(self, table: dict[str, Any], where: str, key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self._error(where, key, f"{key} must be true or false")
        return value

    def one_of(
        self, table: dict[str, Any], where: str, key: str, kinds: type[StationKind]
    ) -> StationKind:
        value = self.text(table, where, key)
        try:
            return kinds(value)
        except ValueError:
            known = ", ".join(kinds)
            raise self._error(where, key, f"{key} must be one of {known}") from None

    def size(self, station: dict[str, Any]) -> tuple[int, int] | None:
        match station.get("size"):
            case None:
                return None
            case [int(width), int(height)] if width >= LEAST_SIDE and height >= LEAST_SIDE:
                return width, height
        message = f"size must be [width, height] in pixels, each at least {LEAST_SIDE}"
        raise self._error("station", "size", message)

    def languages(self, station: dict[str, Any], kind: StationKind) -> tuple[Language, ...]:
        spoken = tuple(Language) if kind in SPEAKS_MORE else OFFICE_LANGUAGES
        value = station.get("languages", [str(language) for language in OFFICE_LANGUAGES])
        if not isinstance(value, list) or not all(item in spoken for item in value):
            known = ", ".join(spoken)
            message = f"languages must be a list of {known}"
            raise self._error("station", "languages", message)
        if not value or value[0] not in OFFICE_LANGUAGES:
            known = ", ".join(OFFICE_LANGUAGES)
            message = f"the first of languages must be one of {known}"
            raise self._error("station", "languages", message)
        return tuple(Language(item) for item in value)

    def cards(self, folder: Path) -> CardsConfig | None:
        if "cards" not in self._found:
            return None
        table = self.table("cards")
        terminal = str(table.get("terminal", ""))
        trust = folder / self.text(table, "cards", "trust")
        keys = str(table.get("keys", ""))
        return CardsConfig(trust, folder / terminal if terminal else None, keys, folder)

    def issuing(self, folder: Path) -> IssuingConfig | None:
        if "issuing" not in self._found:
            return None
        table = self.table("issuing")
        return IssuingConfig(
            folder / self.text(table, "issuing", "signer"),
            secret(self.text(table, "issuing", "card_key"), folder),
            secret(self.text(table, "issuing", "master_key"), folder),
        )

    def loudspeaker(self) -> str:
        if "sound" not in self._found:
            return ""
        return self.text(self.table("sound"), "sound", "loudspeaker")

    def hall_voice(self, folder: Path) -> EngineConfig:
        return _engine(self._found.get("sound", {}), folder)

    def speech(self, folder: Path) -> SpeechConfig | None:
        if "speech" not in self._found:
            return None
        table = self.table("speech")
        engine = _engine(table, folder)
        pause = float(table.get("double_strike_s", 0.2))
        if not 0 <= pause <= 0.5:
            raise self._error("speech", "double_strike_s", "double_strike_s is 0 to 0.5")
        return SpeechConfig(
            output=self.text(table, "speech", "output"),
            keypad=str(table.get("keypad", "")),
            command=engine.command,
            voices=engine.voices,
            prompts=engine.prompts,
            keys={str(name): list(keys) for name, keys in table.get("keys", {}).items()},
            captions=bool(table.get("captions", True)),
            double_strike_s=pause,
        )

    def _error(self, where: str, key: str, message: str) -> ConfigError:
        inside, line = False, 0
        for number, text in enumerate(self._lines, start=1):
            if header := re.match(r"\s*\[([^\[\]]+)\]", text):
                inside = header[1].strip() == where
                line = number if inside else line
            elif inside and re.match(rf"\s*{re.escape(key)}\s*=", text):
                line = number
                break
        return ConfigError(f"{self._file}, line {line}: {message}")
