"""What the registration kiosk prints: the application form, without fingers or face."""

import base64
from collections.abc import Callable
from datetime import date, datetime
from html import escape
from io import BytesIO

from common.domain.clock import office_day
from common.domain.identity_number import IdentityNumber
from common.domain.language import Language, office_language
from common.equipment.slip_paper import code_picture
from common.i18n.texts import texts
from common.ui.moments import date_values
from common.wire.shapes import Particulars

ROWS = (
    "surname",
    "given_names",
    "chinese_name",
    "sex",
    "date_of_birth",
    "place_of_birth",
    "nationality",
    "marital_status",
    "occupation",
    "address",
    "telephone",
)
FONTS = {
    Language.ENGLISH: "Noto Sans CJK HK",
    Language.TRADITIONAL: "Noto Sans CJK HK",
    Language.SIMPLIFIED: "Noto Sans CJK SC",
}

Say = Callable[[str], str]

_STYLE = """
body { font-family: '%s', 'Noto Sans CJK HK', sans-serif; font-size: 10.5pt; color: #101820; }
h1 { font-size: 20pt; margin: 0; }
h2 { font-size: 13pt; margin: 16pt 0 6pt 0; color: #0B4F8A; }
table.facts { border-collapse: collapse; border: 0.6pt solid #75839A; }
.second { font-size: 10.5pt; color: #44546A; margin: 0 0 6pt 0; }
.label { color: #44546A; font-size: 9.5pt; }
.value { font-weight: bold; }
"""


def application_form(
    particulars: Particulars,
    number: IdentityNumber,
    tag: str,
    token: str,
    at: datetime,
    language: Language,
) -> str:
    """Return the page as HTML, in the visitor's language and a second one beside it.

    Its code is that of the tag's slip: without the office's key it says nothing.
    """
    own = office_language(language)
    second = Language.TRADITIONAL if own is Language.ENGLISH else Language.ENGLISH
    one, two = texts(own).text, texts(second).text
    rows = _row(one, two, "papers-form-number", str(number)) + "".join(
        _row(one, two, f"papers-form-{name}", shown(particulars, name, own)) for name in ROWS
    )
    day = in_words(office_day(at), own)
    return f"""<html><head><style>{_STYLE % FONTS[own]}</style></head><body>
<table width="100%"><tr>
<td><h1>{escape(one("papers-form-title"))}</h1>
<p class="second">{escape(two("papers-form-title"))}</p>
<p>{_both(one, two, "papers-form-tag")}: <b>{escape(tag)}</b> &nbsp; &nbsp;
{_both(one, two, "papers-form-date")}: <b>{day}</b></p></td>
<td align="right" width="110"><img src="{_code(token)}" width="96" height="96"></td>
</tr></table>
<h2>{_both(one, two, "papers-form-particulars")}</h2>
<table class="facts" width="100%" border="1" cellpadding="7">
{rows}</table>
<h2>{_both(one, two, "papers-form-declaration-title")}</h2>
<p>{escape(one("papers-form-declaration"))}</p>
<p class="second">{escape(two("papers-form-declaration"))}</p>
<br><br><br>
<table width="100%"><tr>
<td width="58%">____________________________________________<br>
<span class="label">{_both(one, two, "papers-form-signature")}</span></td>
<td>__________________________<br>
<span class="label">{_both(one, two, "papers-form-date")}</span></td>
</tr></table>
<br>
<p class="label">{_both(one, two, "papers-form-officer")}: ______________________________</p>
<p><b>{escape(one("papers-form-keep"))}</b><br>
<span class="label">{escape(two("papers-form-keep"))}</span></p>
</body></html>"""


def in_words(day: date, language: Language) -> str:
    """Return a date as a person reads it."""
    return texts(language).text("common-date", **date_values(day))


def shown(particulars: Particulars, name: str, language: Language) -> str:
    """Return a field as a person reads it."""
    value = getattr(particulars, name)
    if isinstance(value, date):
        return in_words(value, language)
    if name in ("sex", "marital_status") and value:
        return texts(language).text(f"papers-form-{name}-{value}")
    return str(value or "")


def _row(one: Say, two: Say, key: str, value: str) -> str:
    return (
        f'<tr><td width="38%" class="label">{_both(one, two, key)}</td>'
        f'<td class="value">{escape(value) or "&nbsp;"}</td></tr>'
    )


def _both(one: Say, two: Say, key: str) -> str:
    return f"{escape(one(key))} &nbsp;{escape(two(key))}"


def _code(text: str) -> str:
    png = BytesIO()
    code_picture(text, 8).save(png, "PNG")
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
