"""Master lists: many countries' CSCA certificates, signed by one (ICAO 9303-12, 8)."""

from dataclasses import dataclass

from hardware.smartcard.pki import der
from hardware.smartcard.pki.certificate import DIGITAL_SIGNATURE, Certificate
from hardware.smartcard.pki.cms import SignatureError, SignedData
from hardware.smartcard.pki.der import Fields

MASTER_LIST = "2.23.136.1.1.2"


@dataclass(frozen=True, slots=True)
class MasterList:
    """A list, read but not verified.

    Attributes:
        certificates: The CSCA certificates as they stand.
    """

    signed: SignedData
    certificates: tuple[bytes, ...]

    @classmethod
    def parse(cls, data: bytes) -> "MasterList":
        """Read CscaMasterList in its SignedData.

        Raises:
            ChipError: malformed.
        """
        signed = SignedData.parse(data)
        if signed.content_type != der.oid_content(MASTER_LIST):
            raise der.malformed("signed data that is no master list")
        fields = Fields(der.first(signed.content, der.SEQUENCE))
        fields.take(der.INTEGER)
        listed = fields.take(der.SET).children()
        return cls(signed, tuple(certificate.raw for certificate in listed))

    def verified_signer(self) -> Certificate:
        """Verify the list with the signer's certificate that it brings along, and return that.

        Raises:
            SignatureError: It is not what was signed.
            ChipError: malformed, or signed in a way that cannot be judged.
        """
        for signer in self.signed.signers:
            self.signed.check_digest(signer)
            found = self.signed.signed_by(signer, self.signed.own_certificates(signer))
            if found is not None and found.may(DIGITAL_SIGNATURE):
                return found
        raise SignatureError("no signer's key fits the master list")
