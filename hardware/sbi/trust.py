"""Whom a station believes as makers of biometric devices: a folder of authorities."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from hardware.sbi.refusals import AnswerRefusedError, Refusal

log = logging.getLogger(__name__)

SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
DEEPEST = 4


class Domain(StrEnum):
    """Who vouches for what: a maker for its device, or a foundry for its chip (FTM)."""

    DEVICE = "device"
    FTM = "ftm"


def _must_be_authority(
    policy: Policy, certificate: x509.Certificate, extension: x509.BasicConstraints
) -> None:
    del policy, certificate
    if not extension.ca:
        raise ValueError("not an authority")


AUTHORITIES = ExtensionPolicy.permit_all().require_present(
    x509.BasicConstraints, Criticality.AGNOSTIC, _must_be_authority
)
LEAVES = ExtensionPolicy.permit_all()
"""Devices' certificates name no host and no purpose that any standard would ask for."""


class Trust:
    """Authorities by domain. It does not change: load the folder anew for news."""

    def __init__(self, anchors: Mapping[Domain, Sequence[x509.Certificate]]) -> None:
        self._anchors = {domain: list(anchors.get(domain, ())) for domain in Domain}

    @classmethod
    def from_folder(cls, folder: Path) -> "Trust":
        """Read folder/device and folder/ftm: certificates, PEM or DER.

        What cannot be read is logged and left out; a folder that is not there holds nobody.
        """
        return cls({domain: _anchors_in(folder / domain) for domain in Domain})

    def require(
        self,
        leaf: x509.Certificate,
        between: Sequence[x509.Certificate],
        domain: Domain,
        now: datetime,
    ) -> None:
        """Check that a chain of certificates valid now leads from leaf to an authority.

        Raises:
            AnswerRefusedError: EXPIRED_CERTIFICATE or UNTRUSTED_DEVICE.
        """
        try:
            is_valid = leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc
        except ValueError as error:
            raise AnswerRefusedError(Refusal.UNTRUSTED_DEVICE, "times that are none") from error
        if not is_valid:
            raise AnswerRefusedError(Refusal.EXPIRED_CERTIFICATE)
        anchors = self._anchors[domain]
        if not anchors:
            raise AnswerRefusedError(Refusal.UNTRUSTED_DEVICE, f"no authority for {domain}")
        verifier = (
            PolicyBuilder()
            .store(Store(anchors))
            .time(now.astimezone(UTC).replace(tzinfo=None))
            .max_chain_depth(DEEPEST)
            .extension_policies(ca_policy=AUTHORITIES, ee_policy=LEAVES)
            .build_client_verifier()
        )
        try:
            verifier.verify(leaf, list(between))
        except (VerificationError, ValueError, UnsupportedAlgorithm) as error:
            raise AnswerRefusedError(Refusal.UNTRUSTED_DEVICE) from error


def _anchors_in(folder: Path) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    for file in files:
        if file.suffix.lower() not in SUFFIXES:
            continue
        try:
            found += _certificates(file.read_bytes())
        except (OSError, ValueError) as error:
            log.warning("device trust: %s left out: %s", file.name, type(error).__name__)
    return found


def _certificates(content: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN " in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]
