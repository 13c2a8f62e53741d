"""The machine-readable zone, checked against the worked examples of ICAO 9303-5."""

from datetime import date

import pytest

from hardware.core.zone_text import check_digit
from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.mrz import Mrz, zone_name

SPECIMEN = (
    "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
LONG_NUMBER = (
    "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"
)


TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_check_digits_of_the_standard():
    assert check_digit("520727") == "3"
    assert check_digit("AB2134<<<") == "5"


def test_the_specimen_is_read_and_written():
    zone = Mrz.parse(SPECIMEN)
    assert zone == Mrz(
        "D23145890",
        "ERIKSSON",
        "ANNA MARIA",
        "F",
        date(1974, 8, 12),
        date(2012, 4, 15),
        "UTO",
        "UTO",
    )
    assert zone.text() == SPECIMEN


def test_a_number_of_more_than_nine_characters():
    zone = Mrz.parse(LONG_NUMBER)
    assert zone.document_number == "D23145890734"
    assert zone.text() == LONG_NUMBER


def test_another_file_settles_the_century():
    assert Mrz.parse(LONG_NUMBER).date_of_birth == date(2034, 7, 12)
    assert Mrz.parse(LONG_NUMBER, date(1934, 7, 12)).date_of_birth == date(1934, 7, 12)
    with pytest.raises(ChipError, match="two dates"):
        Mrz.parse(LONG_NUMBER, date(1934, 7, 13))


@pytest.mark.parametrize("at", [*range(5, 15), *range(30, 37), *range(38, 45), 48, 59])
def test_a_misread_character_is_noticed(at):
    other = "1" if SPECIMEN[at] != "1" else "2"
    with pytest.raises(ChipError, match="malformed"):
        Mrz.parse(SPECIMEN[:at] + other + SPECIMEN[at + 1 :])


@pytest.mark.parametrize("text", ["", SPECIMEN[:-1], SPECIMEN + "<", SPECIMEN.lower(), "<" * 90])
def test_what_is_no_zone(text):
    with pytest.raises(ChipError, match="malformed"):
        Mrz.parse(text)


def test_a_name_that_is_too_long_is_cut():
    zone = Mrz("1", "A" * 20, "B" * 20, "X", date(2000, 2, 29), date(2030, 1, 1), "D", "HKG")
    text = zone.text()
    assert len(text) == 90
    assert text[60:] == "A" * 20 + "<<" + "B" * 8
    assert Mrz.parse(text).sex == "X"


@pytest.mark.parametrize("surname", ["", "chan", "陳", "CHAN<", " CHAN", "O'NEIL"])
def test_a_name_that_no_zone_can_spell_is_refused(surname):
    with pytest.raises(ValueError, match="characters"):
        Mrz("1", surname, "", "M", date(2000, 1, 1), date(2030, 1, 1), "CHN", "HKG")


def test_a_name_is_spelt_as_the_zone_can():
    assert zone_name("O'Neil-Wong") == "ONEIL WONG"
    assert zone_name(" Tai  Man,") == "TAI MAN"
    for name in ("", "-", "陳", "José"):
        with pytest.raises(ValueError, match="letters"):
            zone_name(name)


def test_what_opens_a_chip():
    # The examples of ICAO Doc 9303-11, appendix D.2.
    assert Mrz.parse(TD3).information() == "L898902C3674081221204159"
    assert Mrz.parse(LONG_NUMBER).information() == "D23145890734934071279507122"


def test_nothing_of_it_can_slip_into_a_log():
    assert "ERIKSSON" not in repr(Mrz.parse(SPECIMEN))


@pytest.mark.parametrize(
    ("text", "form", "code", "number", "optional"),
    [(TD2, "TD2", "I", "D23145890", ""), (TD3, "TD3", "P", "L898902C3", "ZE184226B")],
)
def test_other_forms_are_read_and_written(text, form, code, number, optional):
    zone = Mrz.parse(text)
    assert (zone.form, zone.code) == (form, code)
    assert (zone.document_number, zone.optional) == (number, optional)
    assert (zone.surname, zone.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (zone.date_of_birth, zone.expiry) == (date(1974, 8, 12), date(2012, 4, 15))
    assert zone.text() == text
    broken = text[: len(text) // 2] + "\n" + text[len(text) // 2 :]
    assert Mrz.parse(broken) == zone


@pytest.mark.parametrize("text", [TD2, TD3])
def test_a_misread_digit_of_other_forms_is_noticed(text):
    for at in [at for at, character in enumerate(text) if character.isdigit()]:
        other = "1" if text[at] != "1" else "2"
        with pytest.raises(ChipError, match="malformed"):
            Mrz.parse(text[:at] + other + text[at + 1 :])


def test_every_field_of_a_card_comes_back():
    zone = Mrz(
        "AB12345678901",
        "CHAN",
        "",
        "X",
        date(2001, 2, 3),
        date(2036, 1, 1),
        "D",
        "HKG",
        "A1<B",
        "XY",
        "TD1",
        "AC",
    )
    assert Mrz.parse(zone.text()) == zone


@pytest.mark.parametrize(
    ("six", "born", "exact"),
    [
        ("740812", date(1974, 8, 12), True),
        ("7408<<", date(1974, 8, 1), False),
        ("74<<<<", date(1974, 1, 1), False),
    ],
)
def test_a_birth_that_is_not_known_to_the_day(six, born, exact):
    zone = Mrz.parse(TD3)
    changed = TD3[:57] + six + check_digit(six) + TD3[64:87]
    changed += check_digit(changed[44:54] + changed[57:64] + changed[65:87])
    zone = Mrz.parse(changed)
    assert (zone.date_of_birth, zone.birth_is_exact) == (born, exact)
    assert zone.text() == changed
    assert Mrz.parse(changed, date(1974, 8, 12)).date_of_birth == date(1974, 8, 12) or exact


@pytest.mark.parametrize(
    "wrong",
    [
        {"document_number": "A" * 23},
        {"document_number": "A" * 22, "first_optional": "B"},
        {"form": "TD3", "document_number": "A" * 10},
        {"form": "TD2", "optional": "A" * 8},
        {"form": "TD4"},
        {"code": ""},
    ],
)
def test_what_no_zone_can_hold_is_refused(wrong):
    given = dict.fromkeys(("surname", "given_names", "nationality", "issuer"), "A")
    days = {"date_of_birth": date(2000, 1, 1), "expiry": date(2030, 1, 1)}
    with pytest.raises(ValueError, match=r"place|form|characters"):
        Mrz(**{"document_number": "1", "sex": "M"} | given | days | wrong)
