"""Text messages by Twilio's Programmable Messaging.

Written from its public documentation: the Message resource of the REST API 2010-04-01, the error
codes, and the security of webhooks. Not yet tried on the real service.
"""

import base64
import hmac
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from backend.keys import read_secret
from backend.notices.transport import NeverError, NotNowError, UnknownError
from backend.settings import SmsSettings

logger = logging.getLogger(__name__)

CALLBACK = "/notices/sms-status"

_TOO_MANY = 429
_UNAVAILABLE = 503
# https://www.twilio.com/docs/api/errors
_STOPPED_BY_OWNER = 21610
_OUR_FAULT = {
    20003,  # authentication
    20429,  # too many requests
    21408,  # no permission for the region
    21606,  # From is not ours or cannot send
    21608,  # a trial account sends to numbers of its own only
    21611,  # the queue of From is full
}
_LONGEST_PAUSE_S = 3600.0


class TwilioSms:
    """Sends through one account. The token also proves the provider's callbacks."""

    def __init__(self, settings: SmsSettings, folder: Path, public_address: str) -> None:
        """Read the token.

        Raises:
            SecretError: It is not where the settings say.
        """
        self._settings = settings
        self._token = read_secret(settings.token, folder)
        self._callback = public_address + CALLBACK
        self._messages = f"{settings.address}/2010-04-01/Accounts/{settings.account}/Messages.json"

    def send(self, number: str, text: str, notice_id: str) -> str:
        """Create a message; return its sid.

        Raises:
            NotNowError: It was not accepted: 429, 503, no connection, or a fault of our account.
            NeverError: The number cannot be reached or wants nothing.
            UnknownError: It was sent and no answer came, or one that says nothing.
        """
        form = {
            "To": number,
            "From": self._settings.sender,
            "Body": text,
            "StatusCallback": self.callback(notice_id),
        }
        try:
            answer = requests.post(
                self._messages,
                data=form,
                auth=(self._settings.account, self._token),
                timeout=(self._settings.timeout_s, self._settings.timeout_s),
                allow_redirects=False,
            )
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError):
            raise NotNowError("sms_connection") from None
        except requests.exceptions.ConnectionError as error:
            if _never_connected(error):
                raise NotNowError("sms_connection") from None
            raise UnknownError("sms_unanswered") from None
        except requests.exceptions.RequestException:
            raise UnknownError("sms_unanswered") from None
        return _read(answer)

    def callback(self, notice_id: str) -> str:
        """Return the address at which the provider tells what became of a notice."""
        return f"{self._callback}?notice={notice_id}"

    def is_genuine(self, address: str, form: Mapping[str, str], signature: str) -> bool:
        """Tell whether a callback comes from the provider.

        Args:
            address: The address as the provider called it, with its query.
            form: Every parameter of the body.
            signature: The header X-Twilio-Signature: base64 of HMAC-SHA1 over the address and the
                parameters in the order of their names, each name followed by its value.
        """
        signed = address + "".join(name + form[name] for name in sorted(form))
        mac = hmac.digest(self._token.encode(), signed.encode(), "sha1")
        return hmac.compare_digest(base64.b64encode(mac), signature.encode("ascii", "replace"))


def _read(answer: requests.Response) -> str:
    found = _json(answer)
    if answer.status_code in (_TOO_MANY, _UNAVAILABLE):
        raise NotNowError(f"sms_{answer.status_code}", _retry_after(answer))
    if answer.status_code >= 500 or answer.is_redirect:
        raise UnknownError(f"sms_{answer.status_code}")
    if answer.ok:
        sid = found.get("sid")
        if not isinstance(sid, str) or not sid:
            raise UnknownError("sms_answer_unclear")
        return sid
    code = found.get("code")
    word = f"sms_{code if isinstance(code, int) else answer.status_code}"
    if code in _OUR_FAULT or answer.status_code in (401, 403, 404):
        logger.error("the SMS provider refuses our account: %s", word)
        raise NotNowError(word)
    raise NeverError(word, wants_none=code == _STOPPED_BY_OWNER)


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        found = json.loads(answer.content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_PAUSE_S) if text.isdecimal() else 0.0


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    """Tell whether not even a connection was made, so that nothing can have been sent."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")
