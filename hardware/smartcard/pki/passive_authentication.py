"""Passive authentication: is what the chip holds what its issuer signed (ICAO 9303-11, 5.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest
from typing import Literal

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki.algorithms import digest
from hardware.smartcard.pki.certificate import Certificate
from hardware.smartcard.pki.chain import Chain, check_chain
from hardware.smartcard.pki.cms import SignatureError, SignedData, SignerInfo
from hardware.smartcard.pki.sod import SecurityObject, group_number, parse_card_security
from hardware.smartcard.pki.trust_store import TrustStore

Outcome = Literal["verified", "failed", "no_trust_anchor"]
_NO_TRUST = TrustStore()


@dataclass(frozen=True, slots=True)
class PassiveVerdict:
    """What passive authentication found.

    Attributes:
        outcome: verified; failed; or no_trust_anchor: all agrees, but nobody here vouches for it.
        reason: Why it failed: malformed (cannot be read), not_supported (cannot be judged),
            bad_signature (not signed by who it says), expired (outside the certificates' validity),
            revoked, altered (a group is not what was signed) or unsigned_group (a group that the
            document does not sign); else "".
        signed_groups: The numbers of the groups that the document signs.
        signer_serial: The document signer's certificate number in hexadecimal, "" where unknown.
        signer_country: Its country, "" where unknown.
        signing_time: When it was signed, if it says so.
        notes: crl_missing, crl_outdated, outside_key_period: told, but no reason to refuse.
    """

    outcome: Outcome
    reason: str = ""
    signed_groups: frozenset[int] = frozenset()
    signer_serial: str = ""
    signer_country: str = ""
    signing_time: datetime | None = None
    notes: tuple[str, ...] = ()


class _RefusedError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Signature:
    """A signature that holds, and what is thought of its maker."""

    signer: SignerInfo
    certificate: Certificate
    chain: Chain

    def verdict(self, groups: Iterable[int] = ()) -> PassiveVerdict:
        trouble = self.chain.trouble
        outcome: Outcome = "verified" if not trouble else "failed"
        if trouble == "no_trust_anchor":
            outcome, trouble = "no_trust_anchor", ""
        return PassiveVerdict(
            outcome,
            trouble,
            frozenset(groups),
            f"{self.certificate.serial:X}",
            self.certificate.country,
            self.signer.signing_time,
            self.chain.notes,
        )


def verify(
    sod: bytes, groups: Mapping[int, bytes], trust: TrustStore | None, on: date
) -> PassiveVerdict:
    """Verify an EF.SOD, and the groups that were read against it.

    In this order: the signature, its maker's certificate up to an anchor, its revocation, then the
    hash of each group. Nothing that a chip can hold makes this raise.

    Args:
        sod: The whole file, tag 77 and all.
        groups: Whole files by group number (1 to 16) or file identifier (0101 to 0110).
        trust: What is believed here; None is nothing.
        on: The day of checking.

    Raises:
        ValueError: groups names something that is no data group.
    """
    numbered = {group_number(key): content for key, content in groups.items()}
    try:
        found = SecurityObject.parse(sod)
        signature = _check_signature(found.signed, trust or _NO_TRUST, on)
        verdict = signature.verdict(found.hashes)
        if verdict.outcome != "failed":
            _check_groups(found, numbered)
    except _RefusedError as error:
        return PassiveVerdict("failed", error.reason)
    except ChipError as error:
        return PassiveVerdict("failed", error.reason)
    return verdict


def verify_card_security(
    content: bytes, trust: TrustStore | None, on: date
) -> tuple[PassiveVerdict, bytes]:
    """Verify an EF.CardSecurity.

    Returns:
        The verdict, and the SecurityInfos (a SET in DER) that are signed; empty where it failed.
    """
    try:
        signed = parse_card_security(content)
        verdict = _check_signature(signed, trust or _NO_TRUST, on).verdict()
    except _RefusedError as error:
        return PassiveVerdict("failed", error.reason), b""
    except ChipError as error:
        return PassiveVerdict("failed", error.reason), b""
    return verdict, b"" if verdict.outcome == "failed" else signed.content


def _check_signature(signed: SignedData, trust: TrustStore, on: date) -> _Signature:
    if not signed.signers:
        raise _RefusedError("malformed")
    for signer in signed.signers:
        try:
            signed.check_digest(signer)
        except SignatureError:
            continue
        candidates = [*signed.own_certificates(signer), *trust.signers_of(signer)]
        certificate = signed.signed_by(signer, candidates)
        if certificate is not None:
            chain = check_chain(certificate, trust, on, signer.signing_time)
            return _Signature(signer, certificate, chain)
    raise _RefusedError("bad_signature")


def _check_groups(found: SecurityObject, groups: Mapping[int, bytes]) -> None:
    for number, content in groups.items():
        wanted = found.hashes.get(number)
        if wanted is None:
            raise _RefusedError("unsigned_group")
        if not compare_digest(wanted, digest(found.algorithm, content)):
            raise _RefusedError("altered")
