"""The machine-readable zone, checked against the worked examples of ICAO 9303-5."""

from datetime import date

import pytest

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.mrz import Mrz, check_digit, zone_name

SPECIMEN = (
    "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
LONG_NUMBER = (
    "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"
)


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


def test_nothing_of_it_can_slip_into_a_log():
    assert "ERIKSSON" not in repr(Mrz.parse(SPECIMEN))
