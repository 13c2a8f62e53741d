"""What an applicant does with a browser at home: books, fills in the form, keeps the letter."""

import base64
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urljoin

import requests
from PIL import Image

from common.domain.case import OldDocument
from common.domain.language import Language
from common.equipment.slip_paper import SlipPaper
from common.i18n.texts import texts
from common.wire.shapes import Particulars
from hardware.camera.codes import read_codes
from office.applicant import Applicant

TIMEOUT_S = 20.0


class WebError(Exception):
    """A page did not come, or was not what a person would expect there."""


@dataclass
class Form:
    """One form of a page: what it holds already, and the choices of its radio buttons."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects forms and pictures of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.pictures: list[str] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in one element."""
        found = {name: value or "" for name, value in attrs}
        name, value = found.get("name", ""), found.get("value", "")
        if tag == "form":
            method = found.get("method", "get").lower()
            self.forms.append(Form(found.get("action", ""), method))
        elif tag == "img":
            self.pictures.append(found.get("src", ""))
        elif not self.forms:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.forms[-1].choices.setdefault(self._select, []).append(value)
            if "selected" in found:
                self.forms[-1].values[self._select] = value
        elif tag == "input" and name and found.get("type") in {"radio", "checkbox"}:
            if "disabled" not in found:
                self.forms[-1].choices.setdefault(name, []).append(value)
            if "checked" in found:
                self.forms[-1].values[name] = value
        elif tag in {"input", "textarea"} and name:
            self.forms[-1].values[name] = value


@dataclass
class Page:
    """One page that the browser shows."""

    url: str
    forms: list[Form]
    pictures: list[str]

    def form_with(self, name: str) -> Form:
        """Find the form that asks for a field of that name."""
        for form in self.forms:
            if name in form.values or name in form.choices:
                return form
        raise WebError(f"no form asks for {name}")


class PublicWeb:
    """The public's pages of one backend."""

    def __init__(self, address: str) -> None:
        self._address = address

    def book(self, one: Applicant) -> None:
        """Book the first free slot; fill in the form if this person does so at home.

        The letter's token is kept by the applicant, as a letter is.
        """
        browser = requests.Session()
        page = self._open(browser, f"{self._address}/book?lang={one.language}")
        times = page.form_with("slot")
        details = self._send(browser, page, times, {"slot": times.choices["slot"][0]})
        asked = details.form_with("identity_number")
        answers = {
            "identity_number": one.who.identity_number,
            "year_of_birth": str(one.who.date_of_birth.year),
            "enquiry_code": f"{one.seed:04d}",
            "reason": _reason(asked, one.surrenders),
        }
        letter = self._send(browser, details, asked, answers)
        one.letter_token = self._token_of(browser, letter)
        if one.prefills:
            reference = letter.url.rstrip("/").rsplit("/", 1)[-1].partition("?")[0]
            form = self._open(browser, f"{self._address}/form/{reference}?lang={one.language}")
            self._send(browser, form, form.form_with("surname"), _as_typed(one.particulars()))

    def letter_png(self, one: Applicant) -> str:
        """The printed letter as a camera sees it, as the bench takes it."""
        png = BytesIO()
        letter_picture(one.letter_token, one.language).save(png, "PNG")
        return base64.b64encode(png.getvalue()).decode("ascii")

    def _token_of(self, browser: requests.Session, letter: Page) -> str:
        for source in letter.pictures:
            png = _load(browser, "get", urljoin(letter.url, source))
            if png.headers["content-type"] != "image/png":
                continue
            if codes := read_codes(Image.open(BytesIO(png.content)).convert("L")):
                return codes[0].text
        raise WebError("the letter shows no code that can be read")

    def _open(self, browser: requests.Session, url: str) -> Page:
        return _page(_load(browser, "get", url))

    def _send(
        self, browser: requests.Session, page: Page, form: Form, answers: dict[str, str]
    ) -> Page:
        return _page(
            _load(
                browser,
                form.method,
                urljoin(page.url, form.action),
                data={**form.values, **answers},
                headers={"Referer": page.url, "Origin": self._address},
            )
        )


def _load(
    browser: requests.Session,
    method: str,
    url: str,
    data: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> requests.Response:
    try:
        return browser.request(method, url, data=data, headers=headers, timeout=TIMEOUT_S)
    except requests.RequestException as error:
        raise WebError(type(error).__name__) from error


def _page(response: requests.Response) -> Page:
    if response.status_code != 200:
        raise WebError(f"the page answers {response.status_code}")
    reader = _Reader()
    reader.feed(response.text)
    return Page(response.url, reader.forms, reader.pictures)


def _reason(form: Form, surrenders: OldDocument) -> str:
    """Choose the reason under which this document is surrendered at collection.

    The first choice is replacing an old smart card; the next ones leave the old card with the
    office and give an acknowledgement form.
    """
    choices = form.choices["reason"]
    return choices[0] if surrenders is OldDocument.OLD_CARD else choices[1]


def _as_typed(particulars: Particulars) -> dict[str, str]:
    return {
        name: "" if value is None else str(value)
        for name, value in particulars.model_dump().items()
    } | {"action": "finish"}


def letter_picture(token: str, language: Language) -> Image.Image:
    """The letter as it comes out of a home printer: a line of text and the code."""
    paper = SlipPaper(language)
    paper.line(texts(language).text("office-letter"), 40, bold=True)
    paper.gap(30)
    paper.code(token)
    return paper.picture()
