"""Terminal Authentication against the simulated chip: chains, links, and refusals."""

from dataclasses import replace
from datetime import date

import pytest

from hardware.simulation.chip import SimulatedChip
from hardware.smartcard.apdu import Command, Response
from hardware.smartcard.applet_profiles import JMRTD, STORE_DATA
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.chip_opening import APPLICATION, open_chip
from hardware.smartcard.cv_certificate import Role
from hardware.smartcard.lds import DG3
from hardware.smartcard.link import CardLink
from hardware.smartcard.protocols import chip_authentication, pace, terminal_authentication
from hardware.smartcard.protocols.security_infos import parse
from hardware.smartcard.protocols.terminal_authentication import (
    Terminal,
    document_identity,
    trusted_authorities,
)
from tests.support.chips import ZONE, content
from tests.support.issued_cards import (
    AUTHORITY,
    NEXT_AUTHORITY,
    TODAY,
    Country,
    country,
    cv_certificate,
    issued,
    new_key,
    zone_password,
)


class Opened:
    """A card under the keys of Chip Authentication."""

    def __init__(self, memory: dict[str, object] | None = None, *, extended: bool = True) -> None:
        chip = SimulatedChip(memory or issued(), lambda: None)
        self.link = CardLink(chip, chip.atr if extended else b"")
        opened = open_chip(self.link, [zone_password()])
        self.identity = document_identity(content().mrz.text())
        if opened.pace is not None:
            self.identity = pace.group_of(opened.pace.info).compress(opened.pace.card_public)
            self.link.select_application(APPLICATION)
        infos = parse(self.link.read_file(0x010E))
        result = chip_authentication.run(self.link, chip_authentication.choose(infos))
        self.compressed = result.compressed

    def show(self, terminal: Terminal, authorities: tuple[str, ...] = ()) -> None:
        terminal_authentication.run(
            self.link, terminal, self.identity, self.compressed, TODAY, authorities
        )


@pytest.mark.parametrize("profile", [STORE_DATA, JMRTD])
@pytest.mark.parametrize("extended", [True, False])
def test_a_terminal_of_the_country_reads_fingers(profile, extended):
    card = Opened(issued(profile), extended=extended)
    with pytest.raises(ChipError, match="refused"):
        card.link.read_file(DG3)
    card.show(country().terminal())
    assert card.link.read_file(DG3)[:1] == b"\x63"


def test_the_chip_names_whom_it_trusts():
    assert trusted_authorities(Opened().link) == (AUTHORITY,)


def test_a_link_teaches_the_chip_the_next_key():
    memory = issued()
    card = Opened(memory)
    card.show(country().terminal(after_link=True))
    assert card.link.read_file(DG3)
    again = Opened(memory)
    assert set(trusted_authorities(again.link)) == {AUTHORITY, NEXT_AUTHORITY}
    before = again.link.apdus
    again.show(country().terminal(after_link=True), (NEXT_AUTHORITY, AUTHORITY))
    assert again.link.apdus - before == 7
    assert again.link.read_file(DG3)


@pytest.mark.parametrize("terminal", [Country().terminal(), Terminal((), country().terminal().key)])
def test_a_chip_of_another_country_is_not_asked(terminal):
    terminal = replace(
        terminal,
        certificates=tuple(
            replace(one, car=one.car.replace("UTCVCA", "XXCVCA")) for one in terminal.certificates
        ),
    )
    card = Opened()
    before = card.link.apdus
    with pytest.raises(ChipError) as caught:
        card.show(terminal)
    assert caught.value.reason == "untrusted"
    assert card.link.apdus - before == 1


def test_certificates_of_a_namesake_are_refused():
    with pytest.raises(ChipError, match="certificate"):
        Opened().show(Country().terminal())


def test_a_wrong_signature_is_refused():
    class LyingKey:
        public_key = country().terminal().key.public_key

        def sign(self, data: bytes) -> bytes:
            return country().terminal().key.sign(data + b"!")

    card = Opened()
    with pytest.raises(ChipError, match="Terminal Authentication"):
        card.show(replace(country().terminal(), key=LyingKey()))
    with pytest.raises(ChipError, match="refused"):
        card.link.read_file(DG3)


def test_the_shortest_chain_is_found_and_loops_end():
    land = country()
    terminal = land.terminal()
    back = cv_certificate(
        NEXT_AUTHORITY, AUTHORITY, Role.AUTHORITY, land.authority, land.next_authority
    )
    other = land.terminal(after_link=True).certificates[1]
    many = replace(terminal, certificates=(back, other, *terminal.certificates))
    chain = many.chain_from(AUTHORITY, TODAY)
    assert [one.chr for one in chain] == ["UTDV00001", "UTIS00001"]
    assert many.chain_from("UTOTHER00001", TODAY) == ()
    endless = replace(many, certificates=(back, land.link))
    assert endless.chain_from(AUTHORITY, TODAY) == ()


def test_what_is_over_is_not_shown_but_links_are():
    land = country()
    over = date(2030, 1, 1)
    assert land.terminal().chain_from(AUTHORITY, over) == ()
    verifier = cv_certificate(
        NEXT_AUTHORITY, "UTDV00002", Role.DOMESTIC_VERIFIER, land.verifier, land.next_authority,
        date(2031, 1, 1),
    )  # fmt: skip
    own = cv_certificate(
        "UTDV00002", "UTIS00002", Role.INSPECTION_SYSTEM, land.station, land.verifier,
        date(2031, 1, 1),
    )  # fmt: skip
    terminal = Terminal((own, verifier, land.link), land.terminal().key)
    assert [one.chr for one in terminal.chain_from(AUTHORITY, over)] == [
        NEXT_AUTHORITY,
        "UTDV00002",
        "UTIS00002",
    ]


def test_another_key_s_certificate_is_not_its_own():
    terminal = country().terminal(station=new_key())
    assert terminal.chain_from(AUTHORITY, TODAY) == ()


class Answering:
    """A link whose EF.CVCA is given."""

    def __init__(self, data: bytes, status_word: int = 0x9000) -> None:
        self.answer = Response(data, status_word)

    def send(self, _command: Command) -> Response:
        return self.answer

    def select_file(self, _identifier: int) -> None:
        raise ChipError("no_file", "", 0x6A82)


NAME = b"\x42\x0bUTCVCA00001"


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (NAME + bytes(23), (AUTHORITY,)),
        (NAME, (AUTHORITY,)),
        (NAME + b"\x42\x0bUTCVCA00000" + bytes(10), (AUTHORITY, "UTCVCA00000")),
        (bytes(36), ()),
        (b"", ()),
    ],
)
def test_names_in_the_file_of_authorities(data, names):
    assert trusted_authorities(Answering(data)) == names  # type: ignore[arg-type]
    assert trusted_authorities(Answering(data, 0x6282)) == names  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "status_word"),
    [(b"\x42", 0x9000), (b"\x42\x20UT", 0x9000), (b"\x42\x02UT", 0x9000), (b"", 0x6982)],
)
def test_files_of_authorities_that_are_none(data, status_word):
    with pytest.raises(ChipError):
        trusted_authorities(Answering(data, status_word))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("zone", "identity"),
    [
        (ZONE, b"L898902C<3"),
        ("I<UTOD23145890<7349<<<<<<<<<<<" + 60 * "<", b"D231458907349"),
        ("P<UTO" + 39 * "<" + "L898902C36UTO7408122F1204159ZE184226B<<<<<10", b"L898902C36"),
        ("I<UTO" + 31 * "<" + "D231458907UTO7408122F1204159<<<<<<<6", b"D231458907"),
    ],
)
def test_the_chip_s_name_after_bac(zone, identity):
    """ICAO Doc 9303, parts 4 to 6: the number with its check digit; long ones run over in TD1."""
    assert document_identity(zone) == identity


@pytest.mark.parametrize("challenge", [b"", bytes(7), bytes(16)])
def test_only_a_whole_challenge_is_signed(challenge):
    """Else a chip could have the terminal sign a message of its own choice."""

    class NeverSigns:
        public_key = country().terminal().key.public_key

        def sign(self, data: bytes) -> bytes:
            raise AssertionError(data)

    with pytest.raises(ChipError, match="another size"):
        terminal_authentication.run(
            Answering(challenge),  # type: ignore[arg-type]
            replace(country().terminal(), key=NeverSigns()),
            b"",
            b"",
            TODAY,
            (AUTHORITY,),
        )
