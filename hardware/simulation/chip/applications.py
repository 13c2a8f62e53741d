"""Which command goes where, and which may come now."""

from collections.abc import Callable
from enum import IntEnum

from hardware.simulation.chip.active_authentication import sign
from hardware.simulation.chip.answers import SW, Refusal
from hardware.simulation.chip.bac import BasicAccess
from hardware.simulation.chip.chip_authentication import ChipAuthentication
from hardware.simulation.chip.commands import Command
from hardware.simulation.chip.files import APPLICATION, BY_NAME, ISSUER_DOMAIN, FileSystem
from hardware.simulation.chip.jmrtd import Jmrtd
from hardware.simulation.chip.key_changing import put_key
from hardware.simulation.chip.memory import PIN, PUK
from hardware.simulation.chip.pace import Pace
from hardware.simulation.chip.secure_channel import SecureChannel
from hardware.simulation.chip.session import Session
from hardware.simulation.chip.store_data import StoreData
from hardware.simulation.chip.terminal_authentication import TerminalAuthentication

Handler = Callable[[Command], bytes]
VERIFY_CERTIFICATE = 0x00BE
PRODUCTION_RECORD = 0x9F7F
PROPRIETARY = 0x80
SELECT, GET_DATA, INITIALIZE_UPDATE, EXTERNAL_AUTHENTICATE = 0xA4, 0xCA, 0x50, 0x82
PUT_KEY = 0xD8
RESET_PIN, CHANGE_PIN = 0x0303, 0x0203
NONCE = 8


class Set(IntEnum):
    """P1 and P2 of MANAGE SECURITY ENVIRONMENT."""

    PACE = 0xC1A4
    CHIP = 0x41A4
    AGREEMENT = 0x41A6
    VERIFICATION = 0x81B6
    TERMINAL = 0x81A4


class Applications:
    """The master file and the LDS application of a locked chip."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._files = FileSystem(session)
        self._pace = Pace(session)
        self._basic = BasicAccess(session)
        self._chip = ChipAuthentication(session)
        self._terminal = TerminalAuthentication(session)
        for protocol in (self._pace, self._basic, self._chip, self._terminal):
            session.on_reset.append(protocol.forget)
        self._channel = SecureChannel(session.store, session.random)
        self._needs_channel = session.store.memory.get("applet") != "jmrtd"
        self._writers = self._applet_commands()
        self._handlers: dict[int, Handler] = {
            0x22: self._manage_environment,
            0x2A: self._verify_certificate,
            0x2C: self._reset_retry_counter,
            0x82: self._external_authenticate,
            0x84: self._get_challenge,
            0x86: self._general_authenticate,
            0x88: self._internal_authenticate,
            0xA4: self._files.select,
        }

    def _applet_commands(self) -> dict[int, Handler]:
        if self._needs_channel:
            applet = StoreData(self._session.store)
            return {0xE2: applet.store, 0xE6: applet.install}
        jmrtd = Jmrtd(self._session)
        return {0xDA: jmrtd.put_data, 0xD6: jmrtd.update_binary, 0xE0: jmrtd.create_file}

    def run(self, command: Command, room: int | None) -> tuple[bytes, int]:
        """Run one command; room is what fits into a protected answer.

        Raises:
            Refusal: With the status word of the answer.
        """
        if command.ins in self._writers:
            return self._write(command), SW.OK
        if command.cla & PROPRIETARY and command.ins in (GET_DATA, INITIALIZE_UPDATE):
            return self._run_manager(command), SW.OK
        if command.cla & PROPRIETARY and command.ins == PUT_KEY and self._session.managed:
            return put_key(self._session.store, command), SW.OK
        if command.cla & PROPRIETARY and not self._session.managed:
            raise Refusal(SW.NO_INSTRUCTION)
        if command.ins == 0xB0:
            return self._files.read(command, room)
        if command.ins == 0xB1:
            return self._files.read_far(command, room)
        if command.ins not in self._handlers:
            raise Refusal(SW.NO_INSTRUCTION)
        if command.ins == SELECT:
            self._pace.forget()
            self._basic.forget()
            if command.p1 == BY_NAME:
                self._channel.close()
        return self._handlers[command.ins](command), SW.OK

    def run_managed(self, command: Command) -> tuple[bytes, int]:
        """Run one command that came protected by the card manager's secure channel."""
        if command.ins == EXTERNAL_AUTHENTICATE:
            return self._channel.external_authenticate(command), SW.OK
        plain = self._channel.unwrap(command)
        self._session.managed = True
        try:
            return self.run(plain, None)
        finally:
            self._session.managed = False

    def _run_manager(self, command: Command) -> bytes:
        """Run a command of the card manager itself."""
        if command.ins == GET_DATA:
            if command.parameters != PRODUCTION_RECORD:
                raise Refusal(SW.REFERENCE_NOT_FOUND)
            return self._production_record()
        name = APPLICATION if self._session.in_application else ISSUER_DOMAIN
        return self._channel.initialize_update(command, name)

    def _write(self, command: Command) -> bytes:
        """Let the applet be written, if it knows the command and the channel is as it must be."""
        if self._session.store.locked:
            raise Refusal(SW.NOT_NOW)
        if not self._session.managed and (self._needs_channel or self._channel.is_open):
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        return self._writers[command.ins](command)

    def _production_record(self) -> bytes:
        """CPLC, 42 bytes: date, serial number and batch of the chip are at 10, 12 and 16."""
        record = bytearray(42)
        record[10:18] = bytes.fromhex(self._session.store.memory["serial"])
        return b"\x9f\x7f\x2a" + bytes(record)

    def _manage_environment(self, command: Command) -> bytes:
        self._require_locked()
        match command.parameters:
            case Set.PACE:
                return self._pace.set_template(command)
            case Set.CHIP:
                return self._chip.set_template(command)
            case Set.AGREEMENT:
                return self._chip.set_agreement_template(command)
            case Set.VERIFICATION:
                return self._terminal.set_verification_key(command)
            case Set.TERMINAL:
                return self._terminal.set_terminal_key(command)
        raise Refusal(SW.WRONG_PARAMETERS)

    def _general_authenticate(self, command: Command) -> bytes:
        self._require_locked()
        _require_answerable(command)
        if self._pace.running:
            return self._pace.step(command)
        return self._chip.agree(command)

    def _get_challenge(self, command: Command) -> bytes:
        self._require_locked()
        _require_answerable(command)
        if command.expected not in (NONCE, 256, 65536) or command.data:
            raise Refusal(SW.WRONG_LENGTH)
        if self._session.messaging is not None:
            return self._terminal.get_challenge()
        if not self._session.in_application:
            raise Refusal(SW.NOT_NOW)
        return self._basic.get_challenge()

    def _external_authenticate(self, command: Command) -> bytes:
        self._require_locked()
        _require_plain_parameters(command)
        if self._session.messaging is not None:
            return self._terminal.authenticate(command)
        _require_answerable(command)
        return self._basic.authenticate(command)

    def _internal_authenticate(self, command: Command) -> bytes:
        self._require_locked()
        _require_answerable(command)
        if self._session.messaging is None or not self._session.in_application:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        return sign(self._session, command.data)

    def _verify_certificate(self, command: Command) -> bytes:
        self._require_locked()
        if command.parameters != VERIFY_CERTIFICATE:
            raise Refusal(SW.WRONG_PARAMETERS)
        return self._terminal.verify_certificate(command)

    def _reset_retry_counter(self, command: Command) -> bytes:
        """Give the PIN its tries back, after PACE with the PUK (BSI TR-03110-3 B.11)."""
        store, access = self._session.store, self._session.access
        if access is None or access.password != PUK:
            raise Refusal(SW.SECURITY_NOT_SATISFIED)
        if command.parameters == CHANGE_PIN and command.data.isdigit():
            store.put_password(PIN, command.data)
        elif command.parameters != RESET_PIN or command.data:
            raise Refusal(SW.WRONG_PARAMETERS)
        store.forget_failures(PIN)
        store.saved()
        return b""

    def _require_locked(self) -> None:
        if not self._session.store.locked:
            raise Refusal(SW.NOT_NOW)


def _require_plain_parameters(command: Command) -> None:
    if command.parameters:
        raise Refusal(SW.WRONG_PARAMETERS)


def _require_answerable(command: Command) -> None:
    """Refuse a command that has an answer but does not ask for it."""
    _require_plain_parameters(command)
    if command.expected is None:
        raise Refusal(SW.WRONG_LENGTH)
