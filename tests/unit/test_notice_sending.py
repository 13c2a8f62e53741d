"""Sending to real peers: a mail server and an HTTP server, both with everything that goes wrong."""

import base64
import socket
import threading

import pytest

from backend.notices.folder import FolderMail, FolderSms
from backend.notices.sender import transports
from backend.notices.sms import TwilioSms
from backend.notices.smtp import SmtpMail
from backend.notices.transport import NeverError, NotNowError, UnknownError
from backend.settings import NoticeSettings, SmsSettings, SmtpSettings
from common.domain.language import Language
from common.domain.notice import NoticeStage
from tests.support.notice_peers import ACCOUNT, TOKEN, certificate, error, mail_server, sms_provider
from tests.unit.test_notice_texts import written

SENDER = "no-reply@card.example"
NOTICE = "0198c0de-0000-7000-8000-000000000001"


def smtp(tmp_path, port, **changed):
    (tmp_path / "smtp.password").write_text("secret")
    values = {"host": "127.0.0.1", "port": port, "security": "none", "timeout_s": 5.0, **changed}
    return SmtpMail(SmtpSettings.model_validate(values), tmp_path, SENDER)


def message():
    return written(NoticeStage.READY, stop_token="STOP")


def reason(error_type, send):
    with pytest.raises(error_type) as said:
        send()
    return said.value.reason


def test_a_mail_arrives(tmp_path):
    with mail_server() as server:
        smtp(tmp_path, server.port).send(message())
    mail = server.mails[0]
    assert mail["To"] == "somebody@example.com"
    assert mail["Message-ID"] == f"<{NOTICE}@card.example>"


def test_a_chinese_mail_arrives_as_it_was_written(tmp_path):
    with mail_server() as server:
        smtp(tmp_path, server.port).send(written(NoticeStage.READY, Language.TRADITIONAL))
    assert server.mails[0]["Subject"] == "您的新證可以領取"
    body = server.mails[0].get_body(("plain",))
    assert body is not None
    assert "領取" in body.get_content()


def test_with_starttls_and_a_password(tmp_path):
    context, public = certificate(tmp_path)
    (tmp_path / "other.password").write_text("wrong")
    account = {"security": "starttls", "user": "office", "ca_file": public.name}
    with mail_server(context, with_password=True) as server:
        smtp(tmp_path, server.port, password="file:smtp.password", **account).send(message())
        mail = smtp(tmp_path, server.port, password="file:other.password", **account)
        # Our own fault: the mail waits until somebody mends the settings.
        assert reason(NotNowError, lambda: mail.send(message())) == "smtp_sign_in_535"
    assert len(server.mails) == 1
    assert server.was_tls == [True]


def test_with_tls_from_the_first_byte(tmp_path):
    context, public = certificate(tmp_path)
    with mail_server(context, implicit=True) as server:
        smtp(tmp_path, server.port, security="tls", ca_file=public.name).send(message())
    assert len(server.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_nobody_is_not_believed(tmp_path, security):
    context, _ = certificate(tmp_path)
    with mail_server(context, implicit=security == "tls") as server:
        mail = smtp(tmp_path, server.port, security=security)
        assert reason(NotNowError, lambda: mail.send(message())) == "smtp_tls"
    assert server.mails == []


def test_without_starttls_on_offer_nothing_goes_out_in_the_clear(tmp_path):
    with mail_server() as server:
        mail = smtp(tmp_path, server.port, security="starttls")
        assert reason(NotNowError, lambda: mail.send(message())) == "smtp_unsupported"
    assert server.mails == []


@pytest.mark.parametrize(
    ("fault", "error_type", "word"),
    [
        ("450 4.2.1", NotNowError, "smtp_450"),
        ("550 5.1.1", NeverError, "smtp_550"),
        ("cut before", NotNowError, "smtp_connection"),
        ("cut after", NotNowError, "smtp_connection"),
        ("slow", NotNowError, "smtp_connection"),
    ],
)
def test_a_mail_server_that_refuses_cuts_or_sleeps(tmp_path, fault, error_type, word):
    with mail_server() as server:
        server.fault = fault
        mail = smtp(tmp_path, server.port, timeout_s=0.3)
        assert reason(error_type, lambda: mail.send(message())) == word


def test_a_mail_server_that_is_not_there_or_full(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    mail = smtp(tmp_path, port)
    assert reason(NotNowError, lambda: mail.send(message())) == "smtp_connection"
    with speaking(b"554 no service here\r\n") as port:
        mail = smtp(tmp_path, port)
        assert reason(NotNowError, lambda: mail.send(message())) == "smtp_554"


class speaking:  # noqa: N801 (reads as a context)
    """A peer that says these bytes and nothing more, until the end."""

    def __init__(self, greeting: bytes) -> None:
        self._greeting = greeting

    def __enter__(self) -> int:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        port: int = self._listener.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.sendall(self._greeting)
            self._ended.wait(20)


def test_plain_text_is_for_this_machine_only():
    with pytest.raises(ValueError, match="this machine only"):
        SmtpSettings(host="mail.example", security="none")
    with pytest.raises(ValueError, match="go together"):
        SmtpSettings(host="mail.example", user="office")


def twilio(tmp_path, address, **changed):
    (tmp_path / "sms.token").write_text(TOKEN)
    values = {
        "account": ACCOUNT,
        "token": "file:sms.token",
        "sender": "+85298765432",
        "address": address,
        "timeout_s": 5.0,
        **changed,
    }
    settings = SmsSettings.model_validate(values)
    return TwilioSms(settings, tmp_path, "https://card.example")


def test_a_text_is_sent_in_the_providers_format(tmp_path):
    with sms_provider() as provider:
        sid = twilio(tmp_path, provider.address).send("+85291234567", "您的新證", NOTICE)
    assert sid == "SM" + "1".rjust(32, "0")
    assert provider.paths == [f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"]
    assert provider.texts == [
        {
            "To": "+85291234567",
            "From": "+85298765432",
            "Body": "您的新證",
            "StatusCallback": f"https://card.example/notices/sms-status?notice={NOTICE}",
        }
    ]
    expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert provider.authorizations == [f"Basic {expected}"]


@pytest.mark.parametrize(
    ("answer", "error_type", "word"),
    [
        (error(20429, 429), NotNowError, "sms_429"),
        ((503, {}, {}), NotNowError, "sms_503"),
        (error(20003, 401), NotNowError, "sms_20003"),
        (error(21606), NotNowError, "sms_21606"),
        (error(20404, 404), NotNowError, "sms_20404"),
        (error(21211), NeverError, "sms_21211"),
        (error(21614), NeverError, "sms_21614"),
        (error(21610), NeverError, "sms_21610"),
        ((500, {}, {}), UnknownError, "sms_500"),
        ((502, {}, {}), UnknownError, "sms_502"),
        ((307, {}, {"Location": "/elsewhere"}), UnknownError, "sms_307"),
        ((201, {}, {}), UnknownError, "sms_answer_unclear"),
        ((201, {"sid": 7}, {}), UnknownError, "sms_answer_unclear"),
    ],
)
def test_what_a_provider_answers(tmp_path, answer, error_type, word):
    with sms_provider() as provider:
        provider.answers = [answer]
        sms = twilio(tmp_path, provider.address)
        assert reason(error_type, lambda: sms.send("+85291234567", "x", NOTICE)) == word
    assert len(provider.texts) == 1


def test_a_provider_says_how_long_to_wait_and_who_wants_nothing(tmp_path):
    with sms_provider() as provider:
        sms = twilio(tmp_path, provider.address)
        waits = {"90": 90.0, "999999": 3600.0, "soon": 0.0}
        for text, seconds in waits.items():
            provider.answers = [(429, {}, {"Retry-After": text})]
            with pytest.raises(NotNowError) as said:
                sms.send("+85291234567", "x", NOTICE)
            assert said.value.after_s == seconds
        provider.answers = [error(21610)]
        with pytest.raises(NeverError) as refused:
            sms.send("+85291234567", "x", NOTICE)
        assert refused.value.wants_none


def test_a_provider_that_is_silent_cuts_or_is_not_there(tmp_path):
    with sms_provider() as provider:
        provider.hold = threading.Event()
        sms = twilio(tmp_path, provider.address, timeout_s=0.3)
        send = lambda: sms.send("+85291234567", "x", NOTICE)  # noqa: E731 (said thrice)
        assert reason(UnknownError, send) == "sms_unanswered"
        provider.hold.set()
        provider.is_cutting = True
        assert reason(UnknownError, send) == "sms_unanswered"
    # Nobody listens any more: nothing can have been sent, so it may be tried again.
    assert reason(NotNowError, send) == "sms_connection"


def test_only_the_providers_own_callbacks_are_believed(tmp_path):
    sms = twilio(tmp_path, "https://api.twilio.com")
    # The example of the provider's own documentation and libraries.
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert sms.is_genuine(address, form, signature)
    assert not sms.is_genuine(address + "0", form, signature)
    assert not sms.is_genuine(address, {**form, "Digits": "1235"}, signature)
    assert not sms.is_genuine(address, form, "RSOYDt4T1cUTdK1PDd93/VVr8B9=")
    assert not sms.is_genuine(address, form, "")
    assert not sms.is_genuine(address, form, "電")


def test_a_folder_shows_what_would_be_sent(tmp_path):
    folder = tmp_path / "mail"
    FolderMail(folder).send(message())
    FolderMail(folder).send(message())
    FolderSms(folder).send("+85291234567", "您的新證", NOTICE)
    found = {path.name: path for path in folder.iterdir()}
    assert set(found) == {f"{NOTICE}.eml", f"{NOTICE}.txt"}
    assert b"List-Unsubscribe" in found[f"{NOTICE}.eml"].read_bytes()
    assert found[f"{NOTICE}.txt"].read_text("utf-8") == "+85291234567\n\n您的新證\n"
    assert found[f"{NOTICE}.eml"].stat().st_mode & 0o777 == 0o600


def test_the_settings_name_one_way_out(tmp_path):
    (tmp_path / "sms.token").write_text(TOKEN)
    base = {"public_address": "https://card.example", "sender": SENDER}
    mail = {"host": "mail.example"}
    sms = {"account": ACCOUNT, "token": "file:sms.token", "sender": "IDCARD"}

    def read(**ways):
        return NoticeSettings.model_validate({**base, **ways})

    both = read(smtp=mail, sms=sms)
    assert both.channels == ("mail", "sms")
    ways = transports(both, tmp_path)
    assert isinstance(ways.mail, SmtpMail)
    assert isinstance(ways.sms, TwilioSms)
    assert read(sms=sms).channels == ("sms",)
    for wrong in ({}, {"folder": "mail", "smtp": mail}):
        with pytest.raises(ValueError, match="name smtp or sms or both"):
            read(**wrong)
    with pytest.raises(ValueError, match="public_address"):
        read(public_address="https://card.example/", smtp=mail)
