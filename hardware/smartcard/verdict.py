"""What reading an identity chip came to, and the one plain verdict that callers act upon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.lds import ChipContent
from hardware.smartcard.pki.passive_authentication import PassiveVerdict


class Proof(StrEnum):
    """Whether a chip proved that it is no copy.

    ABSENT: it was not asked, or cannot.
    """

    VERIFIED = "verified"
    FAILED = "failed"
    ABSENT = "absent"


class Doubt(StrEnum):
    """Why a chip is not believed.

    ALTERED: it says something else than what was signed, or nobody signed it as it should be.
    CLONED: what it says was signed, but the chip is another one. REVOKED, EXPIRED: who signed
    it counts no more. FOREIGN: it was signed, by nobody that we know.
    """

    ALTERED = "altered"
    CLONED = "cloned"
    REVOKED = "revoked"
    EXPIRED = "expired"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, repr=False)
class ChipReading:
    """All that was read of a chip, and how far it can be believed. It has no repr.

    Attributes:
        files: By file identifier in the application, EF.SOD among them.
        master_files: EF.CardAccess and EF.CardSecurity, as far as they were read.
        protocol: PACE or BAC.
        mapping: GM, IM or CAM; empty after BAC.
        passive: What the signature over the files is worth.
        chip_authentication: Whether the chip proved itself with its key of DG14, or with the one
            of EF.CardSecurity. It counts as far as passive does.
        active_authentication: The same with its key of DG15.
        is_proof_promised: Whether signed files name a key with which the chip can prove itself.
        fingers_granted: Whether DG3 was read.
        apdus: How many commands it took.
        understood: What the files say, or why they cannot be understood.
    """

    files: Mapping[int, bytes]
    protocol: str
    mapping: str
    passive: PassiveVerdict
    chip_authentication: Proof
    active_authentication: Proof
    is_proof_promised: bool
    fingers_granted: bool
    apdus: int
    master_files: Mapping[int, bytes] = field(default_factory=dict)
    understood: ChipContent | ChipError | None = None

    @property
    def content(self) -> ChipContent:
        """What the files say. After identity_chip.read it is there.

        Raises:
            ChipError: They cannot be understood (only after identity_chip.read_files).
        """
        if isinstance(self.understood, ChipContent):
            return self.understood
        raise self.understood or ChipError("malformed", "the zone was not read")

    @property
    def is_proven(self) -> bool:
        """Whether the chip proved in any way that it is no copy.

        Chips without such a key, by signed files, cannot; whether they are taken is for the
        caller to say, as doubt() finds nothing wrong with them.
        """
        return Proof.VERIFIED in (self.chip_authentication, self.active_authentication)


def doubt(reading: ChipReading) -> Doubt | None:
    """Give the gravest reason not to believe a chip, or None for a genuine one."""
    passive = reading.passive
    cannot_judge = passive.reason == "not_supported"
    if passive.outcome == "failed" and not is_late(passive) and not cannot_judge:
        return Doubt.ALTERED
    if Proof.FAILED in (reading.chip_authentication, reading.active_authentication):
        return Doubt.CLONED
    if reading.is_proof_promised and not reading.is_proven:
        return Doubt.CLONED
    if is_late(passive):
        return Doubt(passive.reason)
    return None if passive.outcome == "verified" else Doubt.FOREIGN


def is_late(passive: PassiveVerdict) -> bool:
    """Tell whether a signature holds, but its maker counts no more."""
    return passive.outcome == "failed" and passive.reason in (Doubt.REVOKED, Doubt.EXPIRED)


def join(one: Proof, other: Proof) -> Proof:
    """Join two proofs of the same thing; a failed one outweighs."""
    return next(
        (proof for proof in (Proof.FAILED, Proof.VERIFIED) if proof in (one, other)), Proof.ABSENT
    )


def vouched(proof: Proof, passive: PassiveVerdict) -> Proof:
    """A proof counts with a key that was signed: else it failed."""
    is_signed = passive.outcome != "failed" or is_late(passive)
    return Proof.FAILED if proof is Proof.VERIFIED and not is_signed else proof
