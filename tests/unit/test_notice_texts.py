"""The texts of notices: what fits a text message, what a mail holds, and what neither may hold."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from backend.notices.outbox import About, Taken
from backend.notices.segments import segments
from backend.notices.texts import mail_message, sms_text
from backend.settings import NoticeSettings, OfficeSettings
from common.domain.contact import ContactError, mail_address, mobile_number
from common.domain.language import OFFICE_LANGUAGES, Language
from common.domain.notice import Channel, NoticeStage, NoticeTopic

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
# The longest names for which every text still fits one part: state them where offices are named.
LONGEST_NAME = {Language.ENGLISH: 36, Language.TRADITIONAL: 20, Language.SIMPLIFIED: 20}
LETTERS = {Language.ENGLISH: "W", Language.TRADITIONAL: "灣", Language.SIMPLIFIED: "湾"}
SETTINGS = NoticeSettings(
    public_address="https://card.example", sender="no-reply@card.example", folder=Path("mail")
)
ABOUT = {
    NoticeTopic.APPOINTMENT: About(
        "HQ",
        starts_at=datetime(2026, 12, 31, 4, 45, tzinfo=UTC),
        reason="replace",
        reference="REFERENCE-OF-16-BYTES",
        letter_token="LETTER-TOKEN",
    ),
    NoticeTopic.CARD: About("HQ", receipt_number="HQ-2026-000123", ready_on="2026-12-31"),
}


def office(**names):
    told = {language: names.get(language, "Office") for language in OFFICE_LANGUAGES}
    return OfficeSettings(code="HQ", name=told)


def taken(stage, language=Language.ENGLISH, channel=Channel.MAIL, **more):
    return Taken(
        notice_id="0198c0de-0000-7000-8000-000000000001",
        stage=stage,
        channel=channel,
        language=language,
        address="somebody@example.com" if channel is Channel.MAIL else "+85291234567",
        tries=1,
        about=ABOUT[stage.topic],
        **more,
    )


def written(stage, language=Language.ENGLISH, letter=None, **more):
    mail = mail_message(taken(stage, language, **more), office(), SETTINGS, NOW, letter)
    return message_from_bytes(bytes(mail), policy=default)


def words_of(mail):
    return mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # of the extension table: two places each
        ("€" * 81, 2),
        ("a" * 152 + "€" * 5, 2),  # 162 places, and no € is torn apart at 153
        ("a" * 152 + "€" + "a" * 153, 3),
        ("證" * 70, 1),
        ("證" * 71, 2),
        ("證" * 134, 2),
        ("證" * 135, 3),
        ("a" * 69 + "’", 1),  # one typographic letter makes the whole text UCS-2
        ("a" * 70 + "’", 2),
        ("𠮷" * 35, 1),
        ("𠮷" * 36, 2),
        ("𠮷" * 67, 3),  # 33 pairs a part
        ("", 1),
    ],
)
def test_parts_of_a_text(text, parts):
    assert segments(text) == parts


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
@pytest.mark.parametrize("stage", [stage for stage in NoticeStage if stage != NoticeStage.LETTER])
def test_every_text_message_is_one_part_and_tells_nothing_that_is_secret(stage, language):
    name = LETTERS[language] * LONGEST_NAME[language]
    code = "123456" if stage is NoticeStage.MOBILE_CODE else ""
    text = sms_text(taken(stage, language, Channel.SMS, code=code), office(**{language: name}))
    assert code in text
    assert segments(text) == 1, f"{len(text)} letters: {text}"
    assert "{" not in text
    for secret in ("REFERENCE", "TOKEN", "HQ-2026", "http", "://", "912345"):
        assert secret not in text


@pytest.mark.parametrize("language", OFFICE_LANGUAGES)
@pytest.mark.parametrize("stage", [one for one in NoticeStage if one != NoticeStage.MOBILE_CODE])
def test_every_mail_can_be_written_and_holds_no_more_than_needed(stage, language):
    mail = written(stage, language, stop_token="STOP", confirm_token="CONFIRM")
    text = words_of(mail)
    assert mail["Subject"]
    assert mail["Content-Language"] == language
    assert "{" not in text + mail["Subject"]
    links = set(re.findall(r"https://card\.example/([a-z/]+)", text))
    is_card = stage.topic is NoticeTopic.CARD
    has_letter = not is_card and stage != NoticeStage.CANCELLED
    assert links == {"notices/", "notices/confirm/"} | ({"letter/"} if has_letter else set())
    assert "LETTER-TOKEN" not in text
    assert ("HQ-2026" in text) == (stage in (NoticeStage.SUBMITTED, NoticeStage.REFUSED))


def test_a_mail_can_be_recognised_answered_by_no_machine_and_stopped_in_one_press():
    mail = written(NoticeStage.READY, stop_token="STOP")
    assert mail["Message-ID"] == "<0198c0de-0000-7000-8000-000000000001@card.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://card.example/notices/STOP?lang=en>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["From"] == "no-reply@card.example"
    assert mail["To"] == "somebody@example.com"
    assert mail["Date"].datetime == NOW


def test_the_letter_comes_as_a_file_and_as_a_calendar_entry_and_asks_for_nothing():
    def draw(about, at, language):
        return f"%PDF {about.reference} {at.code} {language}".encode()

    mail = written(NoticeStage.LETTER, letter=draw)
    assert "List-Unsubscribe" not in mail
    files = {part.get_filename(): part for part in mail.iter_attachments()}
    assert set(files) == {"appointment.ics", "letter.pdf"}
    assert files["letter.pdf"].get_content() == b"%PDF REFERENCE-OF-16-BYTES HQ en"
    assert files["letter.pdf"].get_content_type() == "application/pdf"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("9123 4567", "+85291234567"),
        ("5123-4567", "+85251234567"),
        ("852 6123 4567", "+85261234567"),
        ("+852 (7123) 4567", "+85271234567"),
        ("84123456", "+85284123456"),
        ("+44 7700 900123", "+447700900123"),
        ("+86 138 0013 8000", "+8613800138000"),
    ],
)
def test_mobile_numbers(typed, number):
    assert mobile_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("2345 6789", "number_not_mobile"),
        ("+852 3123 4567", "number_not_mobile"),
        ("99912345", "number_not_mobile"),
        ("80012345", "number_not_mobile"),
        ("912345", "number_wrong"),
        ("+852 9123 456", "number_wrong"),
        ("+0912345678", "number_wrong"),
        ("+1234567890123456", "number_wrong"),
        ("nine", "number_wrong"),
        ("９１２３４５６７", "number_wrong"),
        ("", "number_wrong"),
    ],
)
def test_what_is_no_mobile_number(typed, word):
    with pytest.raises(ContactError) as said:
        mobile_number(typed)
    assert said.value.word == word


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("a@b.hk", "a@b.hk"),
        (" Tai.Man+card@Example.COM ", "Tai.Man+card@example.com"),
        ("x" * 64 + "@" + "y" * 63 + ".hk", "x" * 64 + "@" + "y" * 63 + ".hk"),
    ],
)
def test_mail_addresses(typed, address):
    assert mail_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@b",
        "@b.hk",
        "a@@b.hk",
        "a b@c.hk",
        ".a@b.hk",
        "a..b@c.hk",
        "a@-b.hk",
        "a@b.hk\r\nBcc: c@d.hk",
        "陳@example.com",
        "x" * 65 + "@b.hk",
        "a@" + "b." * 130 + "hk",
    ],
)
def test_what_is_no_mail_address(typed):
    with pytest.raises(ContactError, match="mail_wrong"):
        mail_address(typed)
