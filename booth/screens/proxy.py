"""What an officer meets where somebody collects for the holder."""

from booth.duties.counter import HolderProven
from booth.duties.shared import BackAsked
from booth.screens import HERE
from booth.screens.values import card_face, form, picture, reason
from common.domain.proxy import ProxyDocument, ProxyPaper
from common.ui.screen import Screen, Value
from common.wire.evidence import OfficersProof, Proxy
from common.wire.shapes import CaseView

CHECKS = ("adult", "face", "signature")
"""What the officer looks at, each for itself."""


def check(case: CaseView) -> Screen:
    """Return the page on which the officer says what was seen of the proxy."""
    return Screen(
        HERE / "check_proxy.qml",
        {
            "face": card_face(case),
            "signature": picture(case.signature, "png"),
            "papers": _options("paper", ProxyPaper),
            "documents": _options("document", ProxyDocument),
            "checks": _options("check", CHECKS),
        },
        {"confirm": _proven, "back": lambda _: BackAsked()},
    )


def lines(proxy: Proxy) -> list[Value]:
    """List the record of a proxy as the second officer reads it."""
    return [
        _line("booth-proxy-paper", _key("paper", proxy.paper)),
        _line("booth-proxy-name", value=proxy.name),
        _line("booth-proxy-document", _key("document", proxy.document)),
        _line("booth-proxy-number", value=proxy.number),
        *(_line(_key("check", one), "booth-document-seen") for one in CHECKS),
    ]


def _options(of: str, values: "type[ProxyPaper | ProxyDocument] | tuple[str, ...]") -> list[Value]:
    return [{"value": str(one), "text_key": _key(of, one)} for one in values]


def _key(of: str, value: str) -> str:
    return f"booth-proxy-{of}-{value.replace('_', '-')}"


def _line(label_key: str, value_key: str = "", value: str = "") -> Value:
    return {"finger_key": label_key, "why_key": value_key, "value": value}


def _proven(value: str) -> HolderProven:
    """Take what the officer says.

    Raises:
        ValueError: A paper, a check, the name or the number is missing.
    """
    said = form(value)
    checked = said["checks"].split(",")
    proxy = Proxy(
        paper=ProxyPaper(said["paper"]),
        document=ProxyDocument(said["document"]),
        name=said["name"].strip(),
        number=said["number"].strip(),
        adult="adult" in checked,
        signature_agrees="signature" in checked,
    )
    proof = OfficersProof(
        photograph_compared="face" in checked, note=reason(said["reason"]), proxy=proxy
    )
    if not proof.is_enough:
        raise ValueError("everything is looked at and written down")
    return HolderProven(proof)
