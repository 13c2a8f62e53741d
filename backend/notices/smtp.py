"""Mail by SMTP: RFC 5321, STARTTLS by RFC 3207, submission and implicit TLS by RFC 8314."""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path

from backend.keys import read_secret
from backend.notices.transport import NeverError, NotNowError
from backend.settings import SmtpSettings


class SmtpMail:
    """One connection a mail: a server that was restarted or slow harms no other mail."""

    def __init__(self, settings: SmtpSettings, folder: Path, sender: str) -> None:
        """Read the password.

        Raises:
            SecretError: It is not where the settings say.
        """
        self._settings = settings
        self._name = sender.rpartition("@")[2]
        self._password = ""
        if settings.password is not None:
            self._password = read_secret(settings.password, folder)
        ca_file = None if settings.ca_file is None else str(folder / settings.ca_file)
        self._tls = ssl.create_default_context(cafile=ca_file)

    def send(self, message: EmailMessage) -> None:
        """Send a mail.

        Raises:
            NotNowError: The server cannot be reached or believed, says 4xx, or broke off. The mail
                may have arrived if it broke off last; it is sent again all the same.
            NeverError: The server refuses the mail or the mailbox: 5xx.
        """
        try:
            with self._connect() as server:
                self._introduce(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            raise _refused(code) from None
        except smtplib.SMTPAuthenticationError as error:
            raise NotNowError(f"smtp_sign_in_{error.smtp_code}") from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _refused(error.smtp_code) from None
        except smtplib.SMTPResponseException as error:
            # The greeting, or the end of the conversation: it says nothing of this mail.
            raise NotNowError(f"smtp_{error.smtp_code}") from None
        except ssl.SSLError:
            raise NotNowError("smtp_tls") from None
        except smtplib.SMTPNotSupportedError:
            raise NotNowError("smtp_unsupported") from None
        except (smtplib.SMTPException, OSError):
            raise NotNowError("smtp_connection") from None

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            return smtplib.SMTP_SSL(
                settings.host,
                settings.port,
                local_hostname=self._name,
                timeout=settings.timeout_s,
                context=self._tls,
            )
        return smtplib.SMTP(
            settings.host, settings.port, local_hostname=self._name, timeout=settings.timeout_s
        )

    def _introduce(self, server: smtplib.SMTP) -> None:
        if self._settings.security == "starttls":
            # smtplib refuses to go on where the server does not offer it: no silent plain text.
            server.starttls(context=self._tls)
        if self._settings.user:
            server.login(self._settings.user, self._password)


def _refused(code: int) -> NotNowError | NeverError:
    # Only the code: the words of a server often quote the address.
    reason = f"smtp_{code}"
    return NeverError(reason) if code >= 500 else NotNowError(reason)
