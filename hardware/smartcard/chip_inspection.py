"""One inspection of one chip, step by step, in as few commands as the chip allows."""

import logging
from collections.abc import Sequence
from datetime import date

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.chip_opening import (
    APPLICATION,
    open_again,
    open_chip,
    select_master_file,
)
from hardware.smartcard.lds import (
    CARD_ACCESS,
    CARD_SECURITY,
    DG1,
    DG2,
    DG3,
    DG4,
    DG14,
    DG15,
    EF_COM,
    EF_SOD,
    FILE_NAMES,
    FILE_TAGS,
    ChipContent,
    decode,
    zone_of,
)
from hardware.smartcard.link import CardLink
from hardware.smartcard.pki.passive_authentication import (
    PassiveVerdict,
    verify,
    verify_card_security,
)
from hardware.smartcard.pki.sod import SecurityObject
from hardware.smartcard.pki.trust_store import TrustStore
from hardware.smartcard.protocols import (
    active_authentication,
    chip_authentication,
    pace,
    terminal_authentication,
)
from hardware.smartcard.protocols.pace import PaceResult
from hardware.smartcard.protocols.password import Password
from hardware.smartcard.protocols.security_infos import SecurityInfos
from hardware.smartcard.protocols.security_infos import parse as parse_infos
from hardware.smartcard.protocols.terminal_authentication import Terminal
from hardware.smartcard.tlv import read_head
from hardware.smartcard.verdict import ChipReading, Proof, is_late, join, vouched

logger = logging.getLogger(__name__)

_KEPT = (DG3, DG4)
"""Fingers and irises, which chips keep for terminals with the right."""
_BEFORE_GROUPS = DG1 - 1
"""File identifier of a group less its number."""
_AWAY = ("refused", "no_file")


class Inspection:
    """What is known so far of the chip on the reader."""

    def __init__(
        self,
        link: CardLink,
        trust: TrustStore | None,
        terminal: Terminal | None,
        wanted: frozenset[int],
        on: date,
    ) -> None:
        """Prepare to inspect; see identity_chip.read for the arguments."""
        self._link = link
        self._trust = trust
        self._terminal = terminal
        self._wanted = wanted
        self._on = on
        self._files: dict[int, bytes] = {}
        self._master_files: dict[int, bytes] = {}
        self._listed: frozenset[int] = frozenset()
        self._infos = SecurityInfos()
        self._mapping_proof = Proof.ABSENT
        self._chip_proof = Proof.ABSENT
        self._signing_proof = Proof.ABSENT
        self._proof_is_promised = False
        self._mapping_lacks_anchor = False
        self._terminal_key = b""
        """Comp() of the key that the chip knows this terminal by."""

    def run(self, passwords: Sequence[Password]) -> ChipReading:
        """Do it all.

        Raises:
            ChipError: See identity_chip.read_files.
        """
        self._opened = open_chip(self._link, passwords)
        if self._opened.card_access:
            self._master_files[CARD_ACCESS] = self._opened.card_access
        if self._opened.mapping == "CAM" and not self._needs_terminal:
            self._prove_mapping()
        self._enter()
        hashes = SecurityObject.parse(self._read(EF_SOD)).hashes
        self._listed = frozenset(_BEFORE_GROUPS + number for number in hashes)
        if DG14 in self._listed:
            self._infos = parse_infos(self._read(DG14))
            self._require_no_downgrade()
        self._prove_chip()
        self._read_groups()
        self._prove_signing()
        self._read_kept()
        return self._reading()

    @property
    def _needs_terminal(self) -> bool:
        return self._terminal is not None and not self._wanted.isdisjoint(_KEPT)

    def _enter(self) -> None:
        """Select the application; BAC has done so already."""
        if self._opened.pace is not None:
            self._link.select_application(APPLICATION)

    def _read(self, identifier: int) -> bytes:
        if identifier not in self._files:
            data = self._link.read_file(identifier)
            if read_head(data[:8])[0] != FILE_TAGS[identifier]:
                raise ChipError("malformed", f"{FILE_NAMES[identifier]} is something else")
            self._files[identifier] = data
        return self._files[identifier]

    def _read_groups(self) -> None:
        """Read what is wanted and opens without more; unknown groups are nobody's concern."""
        for identifier in sorted(self._wanted & self._listed - {*_KEPT, DG15}):
            self._read(identifier)
        if EF_COM in self._wanted:
            try:
                self._read(EF_COM)
            except ChipError as error:
                if error.reason not in _AWAY:
                    raise

    def _require_no_downgrade(self) -> None:
        """Compare what the chip offered in the clear with what was signed (9303-11, 4.2)."""
        if not self._opened.offered.der <= self._infos.der:
            raise ChipError("not_genuine", "EF.CardAccess and DG14 do not agree")
        if self._infos.pace and not self._opened.card_access:
            raise ChipError("not_genuine", "the chip hides that it can do PACE")

    def _prove_mapping(self) -> None:
        """Check the proof that chip authentication mapping gave; the master file is selected."""
        result = self._opened.pace
        if result is None:
            return
        try:
            verdict = self._check_mapping(result)
        except ChipError as error:
            if self._link.session is None:
                raise
            logger.warning("the mapping is no proof: %s", error)
            self._proof_is_promised = True
            self._mapping_proof = Proof.ABSENT if error.reason in _AWAY else Proof.FAILED
            return
        if not is_late(verdict):
            self._proof_is_promised, self._mapping_proof = True, Proof.VERIFIED
            self._mapping_lacks_anchor = verdict.outcome != "verified"
            self._terminal_key = pace.group_of(result.info).compress(result.terminal_public)

    def _check_mapping(self, result: PaceResult) -> PassiveVerdict:
        """Nothing vouches for the key of the mapping but the signature of EF.CardSecurity."""
        security = self._link.read_file(CARD_SECURITY)
        self._master_files[CARD_SECURITY] = security
        verdict, infos = verify_card_security(security, self._trust, self._on)
        if not is_late(verdict):
            if verdict.outcome == "failed":
                raise ChipError("not_genuine", f"EF.CardSecurity: {verdict.reason}")
            pace.check_mapping_proof(result, parse_infos(infos))
        return verdict

    def _prove_chip(self) -> None:
        """Do Chip Authentication, unless the mapping was proof enough.

        That the next protected exchange verifies belongs to the proof; DG1 is always read.
        """
        if self._mapping_proof is Proof.VERIFIED:
            return
        try:
            offer = chip_authentication.choose(self._infos)
        except ChipError as error:
            if chip_authentication.is_promised(self._infos):
                logger.warning("no Chip Authentication: %s", error)
            self._prove_mapping_late()
            return
        self._proof_is_promised = True
        if self._agrees(offer):
            self._chip_proof = Proof.VERIFIED
            return
        self._chip_proof = Proof.FAILED
        if self._link.session is None:
            self._begin_again()

    def _agrees(self, offer: chip_authentication.Offer) -> bool:
        try:
            result = chip_authentication.run(self._link, offer)
        except ChipError as error:
            logger.warning("Chip Authentication failed: %s", error)
            return False
        try:
            self._read(DG1)
        except ChipError as error:
            if self._link.session is not None:
                raise
            logger.warning("Chip Authentication did not lead to the same keys: %s", error)
            return False
        self._terminal_key = result.compressed
        return True

    def _prove_mapping_late(self) -> None:
        """Fetch EF.CardSecurity where Chip Authentication was hoped for instead, in vain."""
        if self._opened.mapping == "CAM" and CARD_SECURITY not in self._master_files:
            select_master_file(self._link)
            self._prove_mapping()
            self._enter()

    def _begin_again(self) -> None:
        """Open a chip anew that did not find the way to the new keys, to read what it is."""
        try:
            self._opened = open_again(self._link, self._opened)
            self._enter()
        except ChipError as error:
            raise ChipError("not_genuine", "Chip Authentication failed") from error

    def _prove_signing(self) -> None:
        """Do Active Authentication where nothing else proved the chip, or DG15 is wanted."""
        is_proven = Proof.VERIFIED in (self._chip_proof, self._mapping_proof)
        if DG15 not in self._listed or (is_proven and DG15 not in self._wanted):
            return
        try:
            key = self._read(DG15)
            active_authentication.run(self._link, key, self._infos.active_authentication)
        except ChipError as error:
            logger.warning("Active Authentication failed: %s", error)
            if error.reason == "not_supported":
                return
            self._proof_is_promised = True
            if error.reason not in _AWAY:
                self._signing_proof = Proof.FAILED
        else:
            self._signing_proof, self._proof_is_promised = Proof.VERIFIED, True

    def _read_kept(self) -> None:
        """Read fingers and irises last: whatever the chip answers, the rest is there.

        A chip that promises Terminal Authentication keeps them shut without; others may not.
        """
        kept = [group for group in _KEPT if group in self._wanted & self._listed]
        if not kept or self._link.session is None:
            return
        is_shut = self._infos.terminal_authentication is not None
        try:
            if (is_shut or not self._opens(kept)) and self._terminal is not None:
                self._authenticate(self._terminal)
                self._opens(kept)
        except ChipError as error:
            logger.warning("the chip keeps the fingers: %s", error)

    def _opens(self, kept: Sequence[int]) -> bool:
        """Try to read groups that may be shut."""
        is_open = True
        for identifier in kept:
            try:
                self._read(identifier)
            except ChipError as error:
                if error.reason not in _AWAY:
                    raise
                is_open = False
        return is_open

    def _authenticate(self, terminal: Terminal) -> None:
        if not self._terminal_key:
            raise ChipError("refused", "no Terminal Authentication before the chip's own")
        result = self._opened.pace
        if result is None:
            zone = zone_of(self._read(DG1))
            identity = terminal_authentication.document_identity(zone)
        else:
            identity = pace.group_of(result.info).compress(result.card_public)
        authorities = () if result is None else result.authorities
        terminal_authentication.run(
            self._link, terminal, identity, self._terminal_key, self._on, authorities
        )

    def _reading(self) -> ChipReading:
        sod = self._files[EF_SOD]
        groups = {
            fid - _BEFORE_GROUPS: data
            for fid, data in self._files.items()
            if fid not in (EF_SOD, EF_COM)
        }
        passive = verify(sod, groups, self._trust, self._on)
        chip_proof, signing_proof = self._chip_proof, self._signing_proof
        if passive.outcome == "failed":
            chip_proof = vouched(chip_proof, self._passive_of(DG14))
            signing_proof = vouched(signing_proof, self._passive_of(DG15))
        mapping_proof = self._mapping_proof
        if self._mapping_lacks_anchor and passive.outcome == "verified":
            mapping_proof = Proof.FAILED
        return ChipReading(
            files=self._files,
            master_files=self._master_files,
            protocol=self._opened.protocol,
            mapping=self._opened.mapping,
            passive=passive,
            chip_authentication=join(chip_proof, mapping_proof),
            active_authentication=signing_proof,
            is_proof_promised=self._proof_is_promised,
            fingers_granted=DG3 in self._files,
            apdus=self._link.apdus,
            understood=self._understood(),
        )

    def _passive_of(self, identifier: int) -> PassiveVerdict:
        """Verify one file alone: whether another was altered says nothing of its key."""
        one = {identifier: self._files[identifier]} if identifier in self._files else {}
        return verify(self._files[EF_SOD], one, self._trust, self._on)

    def _understood(self) -> ChipContent | ChipError:
        try:
            return decode(self._files, portrait_is_needed=DG2 in self._wanted)
        except ChipError as error:
            return error
