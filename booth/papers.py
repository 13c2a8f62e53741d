"""The papers an applicant takes home: the notice of collection, or the acknowledgement form.

Both say the central receipt number, where and when the card can be collected, and carry the code
that the collection kiosk reads. There is no fingerprint and no portrait on them.
"""

import base64
from html import escape
from io import BytesIO

import qrcode

from common.domain.case import OldDocument
from common.domain.language import Language
from common.i18n.texts import texts
from common.wire.shapes import CaseView, SubmitAnswer

CODE_MM = 50
"""With its quiet zone: the camera of a kiosk needs 35 mm without."""
SPOKEN = (Language.TRADITIONAL, Language.ENGLISH)
_PIXELS_PER_MM = 96 / 25.4
"""What a width in a page's HTML means on paper."""

STYLE = """
body { font-family: 'Noto Sans CJK HK', 'Microsoft JhengHei', sans-serif; font-size: 13pt; }
h1 { font-size: 21pt; margin: 0 0 2pt 0; }
h2 { font-size: 13pt; margin: 4pt 0 14pt 0; color: #44546A; }
.label { font-size: 11pt; color: #44546A; } .value { font-size: 17pt; font-weight: bold; }
.second { font-size: 11pt; color: #44546A; }
"""


def paper_for(case: CaseView, receipt: SubmitAnswer) -> str:
    """Return the paper that this applicant gets, as HTML."""
    if case.old_document is OldDocument.ACKNOWLEDGEMENT:
        return acknowledgement(case, receipt)
    return notice_of_collection(case, receipt)


def notice_of_collection(case: CaseView, receipt: SubmitAnswer) -> str:
    """The notice for who keeps the old card until the new one is collected."""
    rows = [
        _row("booth-paper-receipt", receipt.receipt_number),
        _row("booth-paper-ready", receipt.ready_on.isoformat()),
        _row("booth-paper-office", case.collection_office),
    ]
    rules = ("booth-paper-bring-old-card", "booth-paper-same-fingers", "booth-paper-received")
    return _page("booth-paper-notice-title", "booth-paper-notice-form", rows, rules, receipt)


def acknowledgement(case: CaseView, receipt: SubmitAnswer) -> str:
    """The form that stands in for the card until it is handed back at collection."""
    form = case.particulars
    name = f"{form.surname}, {form.given_names}".strip(", ")
    rows = [
        _row("booth-paper-receipt", receipt.receipt_number),
        _row("booth-paper-name", f"{form.chinese_name} {name}".strip()),
        _row("booth-paper-number", case.identity_number),
        _row("booth-paper-ready", receipt.ready_on.isoformat()),
        _row("booth-paper-office", case.collection_office),
    ]
    rules = (
        "booth-paper-hand-back",
        "booth-paper-not-for-travel",
        "booth-paper-same-fingers",
        "booth-paper-received",
    )
    return _page("booth-paper-form-title", "booth-paper-form-form", rows, rules, receipt)


def code_png(text: str) -> bytes:
    """Draw a QR code with its quiet zone as a PNG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=8, border=4)
    code.add_data(text)
    code.make(fit=True)
    buffer = BytesIO()
    code.make_image().get_image().convert("L").save(buffer, "PNG")
    return buffer.getvalue()


def _page(
    title: str, form: str, rows: list[str], rules: tuple[str, ...], receipt: SubmitAnswer
) -> str:
    side = round(CODE_MM * _PIXELS_PER_MM)
    code = base64.b64encode(code_png(receipt.receipt_token)).decode()
    heads = "".join(f"<h1>{_text(one, title)}</h1>" for one in SPOKEN)
    said = "".join(_rule(rule, receipt) for rule in rules)
    return (
        f"<html><head><style>{STYLE}</style></head><body>{heads}<h2>{_both(form)}</h2>"
        f"<table width='100%' border='1' cellpadding='9' style='border-collapse: collapse;"
        f" border-color: #75839A'>{''.join(rows)}</table>"
        f"<p align='center'><img src='data:image/png;base64,{code}' width='{side}' "
        f"height='{side}'/></p>{said}</body></html>"
    )


def _rule(key: str, receipt: SubmitAnswer) -> str:
    first, second = (_text(one, key, receipt=receipt.receipt_number) for one in SPOKEN)
    return f"<p>{first}<br/><span class='second'>{second}</span></p>"


def _row(label: str, value: str) -> str:
    return (
        f"<tr><td width='40%' class='label'>{_both(label)}</td>"
        f"<td class='value'>{escape(value)}</td></tr>"
    )


def _both(key: str) -> str:
    return " ".join(_text(one, key) for one in SPOKEN)


def _text(language: Language, key: str, **values: str) -> str:
    return escape(texts(language).text(key, **values))
