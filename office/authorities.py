"""The authorities of a laid-out office: who signs its cards, and who may read fingers in them.

AUTHORITY holds the register, the keys and the document signer of the cards of years ago; TRUST is
what every station believes. The country's key was rolled over since the old cards were made.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from hardware.simulation.chip.memory import TEST_KEY
from hardware.smartcard.pki.authority import Authority, Lifetimes
from hardware.smartcard.pki.cv_authority import CvLifetimes
from hardware.smartcard.pki.keys import FolderKeyStore, make_secret_file, secret_from
from hardware.smartcard.pki.sod import DocumentSigner

AUTHORITY, TRUST = "authority", "trust"
SECRET = "keys.secret"  # noqa: S105 (a file's name)
COUNTRY, STATE, ORGANISATION = "HK", "CHN", "Demonstration of smartics"
A_YEAR = 366
LIFETIMES = Lifetimes(
    signer_key=A_YEAR, crl=A_YEAR, cv=CvLifetimes(verifier=A_YEAR, terminal=A_YEAR)
)
"""Longer than an authority would have them: an office that was laid out serves for a year."""


def found(
    folder: Path, readers: Iterable[str], makers: Iterable[str], now: datetime
) -> dict[str, list[str]]:
    """Found the authorities of an office; return the sections that station.toml needs, by station.

    Args:
        folder: The office's.
        readers: Stations that read cards.
        makers: Those of them that make cards.
        now: From when all is valid.
    """
    own = folder / AUTHORITY
    authority = Authority.create(
        own,
        COUNTRY,
        _keys(own),
        now,
        state=STATE,
        organisation=ORGANISATION,
        lifetimes=LIFETIMES,
    )
    authority.issue_document_signer(now)
    authority.roll_over_csca(now)
    sections = {}
    for number, name in enumerate(readers, start=1):
        terminal = folder / name / "terminal"
        authority.issue_terminal(f"READER{number}", terminal, _keys(terminal), now)
        sections[name] = _cards_section()
    for name in makers:
        signer = folder / name / "signer"
        authority.issue_document_signer(now, _keys(signer), signer)
        sections[name] += _issuing_section(folder / name)
    authority.publish(folder / TRUST, now)
    return sections


def authority_of(folder: Path) -> Authority:
    """The issuing authority of a laid-out office."""
    return Authority(folder / AUTHORITY, _keys(folder / AUTHORITY), LIFETIMES)


def old_signer(folder: Path, now: datetime) -> DocumentSigner:
    """Who signed the cards of years ago, under the country's first key."""
    return authority_of(folder).document_signer(now)


def _keys(folder: Path) -> FolderKeyStore:
    """The encrypted keys of a folder, whose passphrase lies beside it."""
    make_secret_file(folder.parent / SECRET)
    return FolderKeyStore(folder, secret_from(f"file:{SECRET}", folder.parent))


def _cards_section() -> list[str]:
    return [
        "",
        "[cards]",
        f'trust = "../{TRUST}"',
        'terminal = "terminal"',
        f'keys = "file:{SECRET}"',
    ]


def _issuing_section(home: Path) -> list[str]:
    for name, key in (("card.key", TEST_KEY), ("master.key", secrets.token_hex(16))):
        file = home / name
        file.touch(mode=0o600)
        file.write_text(key, "ascii")
    return [
        "",
        "[issuing]",
        'signer = "signer"',
        'card_key = "file:card.key"',
        'master_key = "file:master.key"',
    ]
