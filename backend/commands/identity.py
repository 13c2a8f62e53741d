"""The identity number of a person, sealed, and found again by its keyed hash."""

from backend.transaction import Transaction
from common.domain.identity_number import IdentityNumber
from common.wire.base import Shape


class Identity(Shape):
    """What is sealed about who a case or booking belongs to."""

    identity_number: str
    year_of_birth: int | None = None

    def person(self, transaction: Transaction) -> str:
        """Return the keyed hash that indexes the person."""
        return transaction.keys.person(self.identity_number)


def identity(number: IdentityNumber, year_of_birth: int | None = None) -> Identity:
    """Wrap a checked number."""
    return Identity(identity_number=str(number), year_of_birth=year_of_birth)


def seal_identity(transaction: Transaction, subject: str, who: Identity) -> bytes:
    """Seal with the data key of a case or booking."""
    return transaction.seal(subject, who.model_dump_json().encode(), "identity")


def open_identity(transaction: Transaction, subject: str, sealed: bytes) -> Identity:
    """Open what `seal_identity` made."""
    return Identity.model_validate_json(transaction.unseal(subject, sealed, "identity"))
