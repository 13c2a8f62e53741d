"""The form of an age, addresses with a district, and Chinese names on the form."""

from datetime import date

import pytest

from common.domain.districts import AREAS, district_of, joined, street_of
from common.wire.shapes import Particulars
from kiosk_registration.chinese_name import (
    choices,
    with_character,
    with_code,
    with_codes,
    without_last,
)
from kiosk_registration.form import (
    PAGE_NAMES,
    PAGES,
    FormKind,
    fields_of,
    filled,
    form_kind,
    pages_of,
    text_of,
)

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("born", "kind"),
    [
        (None, FormKind.ADULT),
        (date(2008, 3, 1), FormKind.ADULT),
        (date(2008, 3, 2), FormKind.YOUTH),
        (date(2015, 3, 1), FormKind.YOUTH),
        (date(2015, 3, 2), FormKind.CHILD),
        (date(2008, 2, 29), FormKind.ADULT),
    ],
)
def test_age_says_which_form(born, kind):
    assert form_kind(born, TODAY) is kind


def test_a_child_is_asked_for_no_work_and_no_marriage_and_has_no_gap_by_it():
    assert len(PAGE_NAMES) == len(PAGES)
    kind = FormKind.CHILD
    child = {field.name for page in pages_of(kind) for field in fields_of(page, kind)}
    assert not child & {"occupation", "marital_status"}
    assert len(pages_of(FormKind.ADULT)) == len(PAGES)
    young = filled(Particulars(), {"date_of_birth": "01012020"}, TODAY)
    assert young.marital_status == "single"
    assert "marital_status" not in young.missing()
    assert filled(Particulars(), {"date_of_birth": "01012010"}, TODAY).marital_status == ""


DISTRICTS = [district for names in AREAS.values() for district in names]


@pytest.mark.parametrize("district", DISTRICTS)
def test_an_address_and_its_district_come_apart_as_they_went_together(district):
    address = joined("12 SAMPLE STREET, KOWLOON", district)
    assert district_of(address) == district
    assert street_of(address) == "12 SAMPLE STREET, KOWLOON"
    assert len(DISTRICTS) == 18


def test_other_addresses_stay_as_they_are():
    for address in ("FLAT 5B, 12 SAMPLE STREET, KOWLOON", "", "1 NORTH DISTRICT, NEW TERRITORIES"):
        assert district_of(address) == ""
        assert street_of(address) == address
    assert joined("", "SHA TIN") == ""
    assert joined("1 A ST", "ATLANTIS") == "1 A ST"


def test_the_page_changes_one_part_of_the_address_at_a_time():
    form = filled(Particulars(), {"address": "1 A ST", "district": "SHA TIN"}, TODAY)
    assert form.address == "1 A ST, SHA TIN DISTRICT, NEW TERRITORIES"
    assert (text_of(form, "address"), text_of(form, "district")) == ("1 A ST", "SHA TIN")
    form = filled(form, {"address": "2 B ST"}, TODAY)
    assert form.address == "2 B ST, SHA TIN DISTRICT, NEW TERRITORIES"
    assert filled(form, {"district": ""}, TODAY).address == "2 B ST"
    longest = filled(Particulars(), {"address": "A" * 90, "district": "KOWLOON CITY"}, TODAY)
    assert street_of(longest.address) == "A" * 90


def test_a_name_gets_its_codes_and_keeps_those_that_were_chosen():
    form = with_codes(Particulars(chinese_name="陳栢文"))
    assert form.chinese_codes == "7115 0000 2429"
    assert choices(form, 1) == ("2672", "0000")
    chosen = with_code(form, 1, "2672")
    assert chosen.chinese_codes == "7115 2672 2429"
    assert with_code(chosen, 0, "71151").chinese_codes == "71151 2672 2429"
    assert with_codes(chosen) == chosen
    longer = with_character(chosen, "峯")
    assert (longer.chinese_name, longer.chinese_codes) == ("陳栢文峯", "7115 2672 2429 1496")
    assert without_last(longer) == chosen
    assert with_codes(Particulars()).chinese_codes == ""
    assert Particulars.model_validate(longer.model_dump()) == longer


def test_a_name_has_up_to_six_characters_one_of_them_beyond_the_first_plane():
    form = Particulars()
    for character in "歐陽\U000200cc詠詩文峯":
        form = with_character(form, character)
    assert form.chinese_name == "歐陽\U000200cc詠詩文"
    assert form.chinese_codes.split()[2] == "0000"
    assert Particulars.model_validate(form.model_dump()) == form
    assert with_character(form, "ab") == form


@pytest.mark.parametrize("code", ["", "123", "123456", "12a4", "１２３４"])
def test_what_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match="chinese_codes"):
        with_code(Particulars(chinese_name="陳"), 0, code)
