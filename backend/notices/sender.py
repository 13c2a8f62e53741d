"""Sends what waits in the outbox: one lane a channel, so that a dead mail server stops no text."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from backend.notices import outbox
from backend.notices.folder import FolderMail, FolderSms
from backend.notices.outbox import Failed, Later, Outcome, Sent, Taken
from backend.notices.sms import TwilioSms
from backend.notices.smtp import SmtpMail
from backend.notices.texts import LetterMaker, mail_message, sms_text
from backend.notices.transport import Mail, NeverError, NotNowError, Sms, UnknownError
from backend.settings import NoticeSettings, Settings
from backend.store import Store
from common.domain.clock import Clock
from common.domain.notice import Channel

logger = logging.getLogger(__name__)

_LOOK_EVERY_S = 2.0
_SENDING_AT_MOST_S = 120.0
_ENDING_AT_MOST_S = 5.0


@dataclass(frozen=True, slots=True)
class Transports:
    """The ways out that the settings name."""

    mail: Mail | None = None
    sms: Sms | None = None


def transports(settings: NoticeSettings, folder: Path) -> Transports:
    """Build the ways out.

    Raises:
        SecretError: A password or token is not where the settings say.
    """
    if settings.folder is not None:
        target = folder / settings.folder
        return Transports(FolderMail(target), FolderSms(target))
    mail = sms = None
    if settings.smtp is not None:
        mail = SmtpMail(settings.smtp, folder, settings.sender)
    if settings.sms is not None:
        sms = TwilioSms(settings.sms, folder, settings.public_address)
    return Transports(mail, sms)


class Sender:
    """Takes, sends and marks, one notice at a time in each lane, at the pace of the settings."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        notices: NoticeSettings,
        ways: Transports,
        clock: Clock,
        letter: LetterMaker | None = None,
    ) -> None:
        self._store, self._settings, self._notices = store, settings, notices
        self._ways, self._clock, self._letter = ways, clock, letter
        self._lanes: list[asyncio.Task[None]] = []
        self._ending = asyncio.Event()

    def start(self) -> None:
        """Start a lane for each channel."""
        self._lanes = [
            asyncio.create_task(self._run(channel)) for channel in self._notices.channels
        ]

    async def close(self) -> None:
        """Let what is being sent be sent and marked, for a few seconds, then stop."""
        self._ending.set()
        if self._lanes:
            await asyncio.wait(self._lanes, timeout=_ENDING_AT_MOST_S)
        for lane in self._lanes:
            lane.cancel()
        await asyncio.gather(*self._lanes, return_exceptions=True)

    async def send_due(self, channel: Channel) -> int:
        """Send what is due, at the pace of the settings; return how many were tried."""
        count = 0
        while not self._ending.is_set() and await self._send_one(channel):
            count += 1
            await self._wait(60 / self._notices.per_minute)
        return count

    async def _run(self, channel: Channel) -> None:
        while not self._ending.is_set():
            try:
                await self.send_due(channel)
            except Exception as error:
                # The store may be closing or full; what waits is safe and is looked at again.
                logger.error("notices by %s: %s", channel, type(error).__name__)  # noqa: TRY400
            await self._wait(_LOOK_EVERY_S)

    async def _wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    async def _send_one(self, channel: Channel) -> bool:
        if not await self._store.read(lambda transaction: outbox.is_due(transaction, channel)):
            return False
        taken = await self._store.command(lambda transaction: outbox.take(transaction, channel))
        if taken is None:
            return False
        outcome = await self._outcome(taken)
        await self._store.command(lambda transaction: outbox.mark(transaction, taken, outcome))
        if not isinstance(outcome, Sent):
            logger.warning(
                "notice %s (%s by %s): %s", taken.notice_id, taken.stage, channel, outcome.reason
            )
        return True

    async def _outcome(self, taken: Taken) -> Outcome:
        try:
            work = asyncio.wrap_future(_on_its_own(lambda: self._deliver(taken)))
            return Sent(await asyncio.wait_for(work, _SENDING_AT_MOST_S))
        except NotNowError as error:
            return Later(error.reason, error.after_s)
        except NeverError as error:
            return Failed(error.reason, error.wants_none)
        except UnknownError as error:
            return _unknown(taken, error.reason)
        except TimeoutError:
            return _unknown(taken, "endless")
        except Exception as error:
            # Of our own making, such as a text without a value; trying again would not help.
            # The message of an error may quote what was to be sent.
            return Failed(f"not_made_{type(error).__name__}"[:60])

    def _deliver(self, taken: Taken) -> str:
        office = self._settings.office(taken.about.office)
        if office is None:
            raise NeverError("office_gone")
        if taken.channel is Channel.SMS:
            if self._ways.sms is None:
                raise NotNowError("no_sms")
            return self._ways.sms.send(taken.address, sms_text(taken, office), taken.notice_id)
        if self._ways.mail is None:
            raise NotNowError("no_mail")
        message = mail_message(taken, office, self._notices, self._clock(), self._letter)
        self._ways.mail.send(message)
        return ""


def _unknown(taken: Taken, reason: str) -> Outcome:
    """Mail is sent at least once, a text at most once: see outbox."""
    return Later(reason) if taken.channel is Channel.MAIL else Failed(reason)


def _on_its_own(work: Callable[[], str]) -> "Future[str]":
    """Run on a thread that may be left behind: a peer that drips bytes must not hold the lane."""
    future: Future[str] = Future()

    def run() -> None:
        with contextlib.suppress(InvalidStateError):  # nobody waits any more
            try:
                future.set_result(work())
            except Exception as error:
                future.set_exception(error)

    Thread(target=run, name="notice", daemon=True).start()
    return future
