"""The Chinese name: characters from card and booking, and codes to choose from."""

from common.domain.chinese_codes import LONGEST_NAME, NO_CODE, characters_for
from common.ui.screen import Screen, Value
from kiosk_registration.bench_flow import (
    AskedForStaff,
    CharacterChosen,
    CharacterDropped,
    CharactersSought,
    CharacterTaken,
    CodeChosen,
    Form,
    NameDone,
    NamingInChinese,
    WentBack,
)
from kiosk_registration.chinese_name import choices, with_code, with_codes
from kiosk_registration.form import pages_of
from kiosk_registration.screens import BENCH_SIZE, HERE
from kiosk_registration.screens.samples import CASE, DAY, PARTICULARS

SIZE = BENCH_SIZE
PATIENCE_S = 180.0
OFFERED = 18
"""Characters offered at a time; a syllable of Cantonese can mean more than a hundred."""


def bench_chinese(state: NamingInChinese) -> Screen:
    """Return the screen: the name with its codes; characters or codes to choose from."""
    form = state.form
    particulars = with_codes(form.particulars)
    codes = particulars.chinese_codes.split()
    found = characters_for(state.sought)
    characters: list[Value] = [
        {"text": text, "code": "" if code == NO_CODE else code}
        for text, code in zip(particulars.chinese_name, codes, strict=True)
    ]
    return Screen(
        HERE / "bench_chinese.qml",
        {
            "characters": characters,
            "full": len(characters) >= LONGEST_NAME,
            "sought": state.sought,
            "found": list(found[:OFFERED]),
            "more": max(0, len(found) - OFFERED),
            "place": -1 if state.place is None else state.place,
            "codes": [] if state.place is None else _offered(form, state.place),
            "step": 0 if state.correcting else 2,
            "pages": 0 if state.correcting else len(pages_of(form.kind)) + 1,
        },
        {
            "find": CharactersSought,
            "take": CharacterTaken,
            "drop": lambda _: CharacterDropped(),
            "select": lambda place: CharacterChosen(int(place)),
            "code": lambda code: _code(state, code),
            "done": lambda _: NameDone(),
            "back": lambda _: WentBack(),
            "call_staff": lambda _: AskedForStaff(),
        },
        PATIENCE_S,
    )


def _offered(form: Form, place: int) -> list[Value]:
    return list(choices(form.particulars, place))


def _code(state: NamingInChinese, code: str) -> CodeChosen:
    """Refuse what is no code: the screen says so."""
    with_code(state.form.particulars, state.place or 0, code)
    return CodeChosen(code)


def previews() -> dict[str, Screen]:
    """Return samples for the gallery."""
    rare = PARTICULARS.model_copy(
        update={"chinese_name": "歐陽栢\U000200cc詠峯", "chinese_codes": ""}
    )
    form = Form(CASE.case_id, CASE.number, rare, DAY)
    usual = Form(CASE.case_id, CASE.number, PARTICULARS, DAY)
    none = PARTICULARS.model_copy(update={"chinese_name": "", "chinese_codes": ""})
    return {
        "usual": bench_chinese(NamingInChinese(usual)),
        "rare": bench_chinese(NamingInChinese(form)),
        "none": bench_chinese(NamingInChinese(Form(CASE.case_id, CASE.number, none, DAY))),
        "found": bench_chinese(NamingInChinese(usual, sought="CAN")),
        "nothing_found": bench_chinese(NamingInChinese(usual, sought="9999")),
        "code": bench_chinese(NamingInChinese(form, place=2)),
    }
