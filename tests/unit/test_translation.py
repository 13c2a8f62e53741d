"""The kiosks' texts on their way to a translator and back."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from typer.testing import CliRunner

from common.domain.language import ASSIST_LANGUAGES, OFFICE_LANGUAGES, Language
from common.i18n import steps as steps_module
from common.i18n import texts as texts_module
from common.i18n import translation
from common.i18n.steps import FILES, NEEDED, Readiness, checked, is_step, mark, readiness, steps
from common.i18n.texts import FOLDER, texts
from common.i18n.translation import export, take_back
from common.i18n.wording import forms_of, gaps, length, longest, objections, read
from office.cli import app
from office.commands.translations import screens

KEY = "common-number-wrong"
TAG_KEY = "tag-decide-card_not_ready"
PLURAL = "common-more-time-countdown"
ROOT = Path(__file__).parents[2]
FOR_STAFF = re.compile(r"staff-|collection-(menu|load|staff)-")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the texts that a test may write into."""
    for language in (Language.ENGLISH, Language.TRADITIONAL, Language.THAI, Language.URDU):
        (tmp_path / language).mkdir()
        for file in (FOLDER / language).glob("*.*"):
            (tmp_path / language / file.name).write_bytes(file.read_bytes())
    for module in (steps_module, texts_module, translation):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    _forget()
    yield tmp_path
    _forget()


def _forget():
    for known in (texts, steps, readiness):
        known.cache_clear()


def opened(language=Language.THAI) -> Catalog:
    return read_po(BytesIO(export(language, {})))


def closed(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=0)
    return out.getvalue()


def all_keys() -> list[str]:
    return [key for name in FILES for key in steps(Language.ENGLISH, name)]


def whole(language=Language.THAI) -> Catalog:
    """A translator's catalogue in which nothing is left out, and everything is checked."""
    catalog = opened(language)
    for one in catalog:
        one.flags.discard("fuzzy")
        if one.context and not one.string:
            one.string = " ".join(["ไทย", *gaps(str(one.id))])
    return catalog


def row(catalog: Catalog, key: str):
    return next(one for one in catalog if one.context == key)


def said(language, key):
    return next(found[key] for name in FILES if key in (found := steps(language, name)))


@pytest.mark.parametrize("language", [Language.THAI, Language.URDU])
def test_what_comes_back_unchanged_is_the_same_and_still_a_draft(folder, language):
    before = {name: (folder / language / f"{name}.ftl").read_text("utf-8") for name in FILES}
    taken = take_back(language, export(language, {}), folder)
    assert (taken.wrong, taken.checked) == ([], 0)
    assert taken.texts + len(taken.missing) == len(all_keys())
    for name in FILES:
        assert (folder / language / f"{name}.ftl").read_text("utf-8") == before[name]


def test_a_translator_sees_what_a_text_is_for():
    found = row(read_po(BytesIO(export(Language.THAI, screens()))), KEY)
    assert "We found nothing" in str(found.id)
    assert any(line.startswith("繁體: ") for line in found.auto_comments)
    assert any("common_ui/type_number" in line for line in found.auto_comments)
    assert any(line.startswith("at most ") for line in found.auto_comments)
    assert "keep: { $left }" in found.auto_comments
    assert found.fuzzy
    assert opened(Language.URDU).num_plurals == 2
    assert opened(Language.THAI).num_plurals == 1


def test_a_checked_text_is_known_until_its_english_changes(folder):
    catalog = whole()
    taken = take_back(Language.THAI, closed(catalog), folder)
    assert (taken.checked, taken.missing) == (taken.texts, [])
    assert {readiness(Language.THAI, kiosk) for kiosk in NEEDED} == {Readiness.CHECKED}
    assert not row(opened(), TAG_KEY).fuzzy
    assert take_back(Language.THAI, export(Language.THAI, {}), folder).checked == taken.checked

    english = folder / "en" / "tag.ftl"
    english.write_text(english.read_text("utf-8").replace("It is expected", "We expect it"))
    _forget()
    assert readiness(Language.THAI, "tag") is Readiness.DRAFT
    assert readiness(Language.THAI, "collection") is Readiness.CHECKED
    assert row(opened(), TAG_KEY).fuzzy
    stale = take_back(Language.THAI, closed(catalog), folder)
    assert any(line.startswith(f"{TAG_KEY}: the English text has changed") for line in stale.wrong)
    assert checked(Language.THAI).get(TAG_KEY) != mark(said(Language.ENGLISH, TAG_KEY))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("ไม่พบข้อมูลนี้", "the gaps in braces"),
        ("ไม่พบ { $right }", "the gaps in braces"),
        ("ไม่พบ { $left } { 3 }", "check the braces"),
        ("ไม่พบ { $left", "the gaps in braces"),
        ("ไม่พบข้อมูลนี้ " * 12 + "{ $left }", "too long"),
        ("Please type them again { $left }", "English still"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_the_old_text_stays(folder, words, says):
    before = said(Language.THAI, KEY)
    catalog = opened()
    row(catalog, KEY).string = words
    taken = take_back(Language.THAI, closed(catalog), folder)
    assert any(line.startswith(KEY) and says in line for line in taken.wrong)
    assert said(Language.THAI, KEY) == before


def test_a_text_that_nobody_translated_leaves_the_language_out(folder):
    (folder / "th" / "tag.ftl").write_text("", "utf-8")
    _forget()
    catalog = opened()
    row(catalog, "tag-title").string = "ตั๋ว"
    taken = take_back(Language.THAI, closed(catalog), folder)
    assert TAG_KEY in taken.missing
    assert readiness(Language.THAI, "tag") is Readiness.INCOMPLETE
    assert texts(Language.THAI).text("tag-title") == "ตั๋ว"
    assert texts(Language.THAI).language_of(TAG_KEY) is Language.ENGLISH
    assert "ready on 3/4" in texts(Language.THAI).text(TAG_KEY, when="3/4")


def test_a_plural_takes_as_many_forms_as_the_language_has(folder):
    assert "{ $seconds ->" in said(Language.THAI, PLURAL)
    for language in (Language.THAI, Language.URDU, Language.HINDI):
        words = {texts(language).text(PLURAL, seconds=number) for number in (1, 20)}
        assert len(words) == 2
    catalog = opened(Language.URDU)
    row(catalog, PLURAL).string = ("{ $seconds } ایک", "{ $seconds } کئی")
    take_back(Language.URDU, closed(catalog), folder)
    assert texts(Language.URDU).text(PLURAL, seconds=1) == "1 ایک"
    assert texts(Language.URDU).text(PLURAL, seconds=5) == "5 کئی"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b'msgid "a"\nmsgstr "b"\n', b""])
def test_what_is_no_po_file_of_ours_is_refused(folder, data):
    with pytest.raises(ValueError, match=r"no text of ours|decode|encod|utf-8"):
        take_back(Language.THAI, data, folder)


def test_staffs_texts_and_printed_sentences_are_no_steps():
    assert not is_step("collection-menu-load")
    assert not is_step("papers-form-declaration")
    assert is_step("papers-form-date_of_birth")
    assert is_step("collection-welcome-title")


def test_length_counts_what_takes_room():
    assert length("ที่") == 1
    assert length("{ $left } x") == 5
    assert longest("Back") == 18


@pytest.mark.parametrize("language", ASSIST_LANGUAGES)
def test_the_drafts_fit_their_english(language):
    wrong = []
    is_latin = language in translation.LATIN
    for name in FILES:
        own, english = steps(language, name), steps(Language.ENGLISH, name)
        assert set(own) <= set(english)
        for key, written in own.items():
            source = forms_of(read(english[key]))
            for form, words in forms_of(read(written)).items():
                met = source.get(form) or source["other"]
                wrong += [f"{key}: {one}" for one in objections(met, words, is_latin=is_latin)]
    assert not wrong


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
def test_the_offices_languages_are_always_ready(language):
    assert readiness(language, "tag") is Readiness.CHECKED


def test_the_commands(tmp_path):
    run = CliRunner().invoke
    file = tmp_path / "ne.po"
    assert run(app, ["texts", "export", "ne", str(file)]).exit_code == 0
    assert gaps(str(row(read_po(BytesIO(file.read_bytes())), KEY).id)) == ["{ $left }"]
    assert "ne नेपाली" in run(app, ["texts", "state"]).stdout
    refused = run(app, ["texts", "import", "zh-Hant", str(file)])
    assert refused.exit_code == 2
    assert run(app, ["texts", "import", "ne", str(tmp_path / "none.po")]).exit_code == 2


@pytest.mark.parametrize("kiosk", ["tag", "registration", "collection"])
def test_what_a_kiosk_s_screens_say_is_given_to_translators(kiosk):
    known: set[str] = set()
    for file in (FOLDER / "en").glob("*.ftl"):
        known |= set(re.findall(r"^([a-z][\w-]*) =", file.read_text("utf-8"), re.MULTILINE))
    named: set[str] = set()
    for folder in (ROOT / "common/ui/qml", ROOT / f"kiosk_{kiosk}/screens"):
        for source in [*folder.rglob("*.qml"), *folder.rglob("*.py")]:
            named |= set(re.findall(r'"([a-z]+-[\w-]+)"', source.read_text("utf-8")))
    public = {key for key in named & known if not FOR_STAFF.match(key)}
    assert len(public) > 40
    assert public <= {key for name in NEEDED[kiosk] for key in steps(Language.ENGLISH, name)}
