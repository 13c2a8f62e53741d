"""From a document signer's certificate to an anchor (ICAO 9303-11, 5.1 and 9303-12, 7.1).

Which time counts: 9303-12 gives a document signer's certificate the life of its private key and
then that of the longest-lived document under it. So the certificate, and its issuer's, must be
valid on the day of checking; past that day every document under it has expired by itself. A time
of signing, where one is stated, must lie in the certificate's validity too. The period of the
private key (PrivateKeyUsagePeriod) binds who signs; a stated time outside it is noted, because
documents of issuers that were late with a new key are still genuine.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.pki.certificate import DIGITAL_SIGNATURE, KEY_CERT_SIGN, Certificate
from hardware.smartcard.pki.trust_store import TrustStore

Trouble = Literal["", "no_trust_anchor", "bad_signature", "expired", "revoked", "malformed"]
CRL_MISSING, CRL_OUTDATED, OUTSIDE_KEY_PERIOD = "crl_missing", "crl_outdated", "outside_key_period"


@dataclass(frozen=True, slots=True)
class Chain:
    """What was found.

    Attributes:
        trouble: Why the signer is not believed, "" where it is.
        anchor: The authority that issued the signer's certificate.
        notes: crl_missing, crl_outdated, outside_key_period: told, but no reason to refuse.
    """

    trouble: Trouble
    anchor: Certificate | None = None
    notes: tuple[str, ...] = ()


def check_chain(
    signer: Certificate, trust: TrustStore, on: date, signed_at: datetime | None = None
) -> Chain:
    """Judge a document signer's certificate.

    Raises:
        ChipError: malformed or not_supported: the certificate cannot be judged.
    """
    if signer.is_authority or not signer.may(DIGITAL_SIGNATURE):
        return Chain("malformed")
    anchor, trouble = _find_issuer(signer, trust)
    if anchor is None:
        return Chain(trouble)
    if not _is_in_time(signer, anchor, on, signed_at):
        return Chain("expired", anchor)
    revoked = trust.revocation_list(signer.issuer)
    if revoked is not None and signer.serial in revoked.serials:
        return Chain("revoked", anchor)
    notes = []
    if revoked is None:
        notes.append(CRL_MISSING)
    elif revoked.next_update is not None and revoked.next_update < _start_of(on):
        notes.append(CRL_OUTDATED)
    begins, ends = signer.private_key_period
    if signed_at and ((begins and signed_at < begins) or (ends and signed_at > ends)):
        notes.append(OUTSIDE_KEY_PERIOD)
    return Chain("", anchor, tuple(notes))


def _find_issuer(signer: Certificate, trust: TrustStore) -> tuple[Certificate | None, Trouble]:
    """The trusted authority whose key signed it, or why there is none.

    Who claims a key that is known here and was not signed by it is a forger; who claims only a name
    may have been issued under a key that has not arrived here yet.
    """
    trouble: Trouble = "no_trust_anchor"
    for issuer in trust.issuers_of(signer):
        if issuer.subject != signer.issuer or not issuer.may(KEY_CERT_SIGN):
            continue
        try:
            if not trust.is_trusted(issuer):
                continue
            if signer.is_signed_by(issuer.public_key):
                return issuer, ""
        except ChipError:
            continue
        if signer.authority_key_id and signer.authority_key_id == issuer.subject_key_id:
            trouble = "bad_signature"
    return None, trouble


def _is_in_time(
    signer: Certificate, anchor: Certificate, on: date, signed_at: datetime | None
) -> bool:
    if not signer.is_valid_on(on) or not anchor.is_valid_on(on):
        return False
    return signed_at is None or signer.is_valid_on(signed_at.date())


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
