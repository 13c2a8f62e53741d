"""The codes of Chinese names, against names that were looked up elsewhere."""

import bz2
import importlib.util
from pathlib import Path

import pytest

from common.domain.chinese_codes import (
    LONGEST_NAME,
    NO_CODE,
    TABLE,
    characters_for,
    codes_for,
    codes_of,
    fitting_codes,
    shown_codes,
    undecided,
)

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("陳大文", "7115 1129 2429"),
        ("樂永晴", "2867 3057 2532"),
        ("李智能", "2621 2535 5174"),
        ("歐陽詠詩", "2962 7122 6102 6108"),
        ("蕭愛國", "5618 1947 0948"),
        ("衞", "5898"),
        ("峯", "1496"),
        ("邨", "6722"),
        ("喆", "0811"),
        ("焜", "3540"),
        ("歐陽陳李詠詩", "2962 7122 7115 2621 6102 6108"),
        ("", ""),
    ],
)
def test_codes_of_known_names(name, codes):
    assert len(name) <= LONGEST_NAME
    assert codes_of(name) == codes
    assert not undecided(name, codes)


def test_a_character_without_a_code_keeps_its_place_and_is_asked_for():
    assert codes_of("陳栢文") == f"7115 {NO_CODE} 2429"
    assert undecided("陳栢文", "") == (1,)
    assert codes_for("栢") == ("2672",), "that of 柏, offered and never taken"
    assert shown_codes(codes_of("陳栢文")) == "7115 ---- 2429"
    assert not undecided("陳栢文", "7115 2672 2429")


def test_a_rare_character_beyond_the_first_plane_counts_once():
    assert codes_of("陳𡃁") == f"7115 {NO_CODE}"
    assert undecided("陳𡃁", "") == (1,)


def test_codes_that_were_chosen_stay_and_others_make_place():
    assert fitting_codes("陳大文", "71151 1129 2429") == "71151 1129 2429"
    assert fitting_codes("陳大文", "7115") == "7115 1129 2429"


def test_a_code_offers_every_character_it_stands_for():
    assert {"陳", "陈"} == set(characters_for("7115"))
    assert characters_for("9999") == ()


@pytest.mark.parametrize("typed", ["NLDW", "nldw", "can", "7115"])
def test_a_character_is_found_without_typing_it(typed):
    assert "陳" in characters_for(typed)


def test_the_table_is_cut_out_of_the_database(tmp_path):
    spec = importlib.util.spec_from_file_location(
        "make_chinese_table", ROOT / "installers" / "make_chinese_table.py"
    )
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for name, lines in {
        "OtherMappings": [
            "# said",
            "U+9673\tkTaiwanTelegraph\t7115",
            "U+9673\tkBigFive\tB3AF",
            "U+67CF\tkTaiwanTelegraph\t2672",
            "U+6822\tkHKSCS\tFCF8",
            "U+20000\tkCNS1992\t1-2",
        ],
        "DictionaryLikeData": ["U+9673\tkCangjie\tNLDW", "U+9673\tkFrequency\t2"],
        "Readings": ["U+9673\tkCantonese\tcan4 zan6"],
        "Variants": ["U+6822\tkSemanticVariant\tU+67CF<kMatthews U+5B5B"],
    }.items():
        packed = bz2.compress("\n".join([*lines, ""]).encode())
        (tmp_path / f"Unihan_{name}.txt.bz2").write_bytes(packed)
    maker.main(tmp_path, tmp_path / "table.tsv")
    head, *rows = (tmp_path / "table.tsv").read_text("utf-8").splitlines()
    assert head == TABLE.read_text("utf-8").splitlines()[0]
    assert rows == ["陳\t7115\t\tNLDW\tcan zan\t", "柏\t2672\t\t\t\t", "栢\t\t\t\t\t柏"]
