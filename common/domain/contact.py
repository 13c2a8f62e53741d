"""Addresses at which a person can be reached: a mail address, a mobile number."""

import re

_LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3: a path of 256 octets, two of them brackets
_LONGEST_LOCAL_PART = 64  # RFC 5321 4.5.3.1.1
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 5321 4.1.2 without quoted local parts and address literals: hardly anybody has one.
_MAIL = re.compile(rf"({_ATEXT}(?:\.{_ATEXT})*)@({_LABEL}(?:\.{_LABEL})+)", re.ASCII)

_HOME = "852"
_SEPARATORS = re.compile(r"[ ().-]")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}", re.ASCII)  # ITU-T E.164 6.2.1
# The numbering plan of Hong Kong: other first digits belong to fixed lines and services.
_HOME_MOBILE = re.compile(r"(?:[4-7][0-9]|8[4-9]|9[0-8])[0-9]{6}", re.ASCII)


class ContactError(ValueError):
    """The text is no address of this kind; word says why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def mail_address(text: str) -> str:
    """Return a mail address, its domain in small letters.

    Raises:
        ContactError: "mail_wrong": it is not one, or one that few servers take.
    """
    found = _MAIL.fullmatch(text.strip())
    if found is None or len(found[0]) > _LONGEST_ADDRESS or len(found[1]) > _LONGEST_LOCAL_PART:
        raise ContactError("mail_wrong")
    return f"{found[1]}@{found[2].lower()}"


def mobile_number(text: str) -> str:
    """Return a mobile number in the form of E.164; without a country it is Hong Kong's.

    Raises:
        ContactError: "number_wrong": it has no such shape; "number_not_mobile": a fixed line of
            Hong Kong, which takes no text message.
    """
    plain = _SEPARATORS.sub("", text.strip())
    if re.fullmatch(r"[0-9]{8}", plain, re.ASCII):
        plain = f"+{_HOME}{plain}"
    elif re.fullmatch(rf"{_HOME}[0-9]{{8}}", plain, re.ASCII):
        plain = f"+{plain}"
    if not _INTERNATIONAL.fullmatch(plain):
        raise ContactError("number_wrong")
    at_home = plain.removeprefix(f"+{_HOME}")
    if at_home == plain:
        return plain
    if len(at_home) != 8:
        raise ContactError("number_wrong")
    if not _HOME_MOBILE.fullmatch(at_home):
        raise ContactError("number_not_mobile")
    return plain
