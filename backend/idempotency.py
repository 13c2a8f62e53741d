"""The same command sent twice has one effect and one answer."""

import hashlib
import hmac
from datetime import timedelta

from pydantic import BaseModel
from sqlalchemy import Row, bindparam, delete, insert, select

from backend import keys as sealing
from backend.keys import SealError
from backend.schema.tables import answers
from backend.store import Command
from backend.transaction import Refusal, Transaction

# Longer than any station stays offline: a laptop may repeat a command after weeks.
KEPT = timedelta(days=90)

# Built once: every command asks these, and building costs more than asking.
_KEPT = select(answers).where(
    answers.c.actor == bindparam("of_actor"), answers.c.key == bindparam("of_key")
)
_KEEP = insert(answers)


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """Return what makes two requests the same."""
    parts = (method.encode(), path.encode(), body)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()


def once(actor: str, key: str, print_: bytes, do: Command[BaseModel]) -> Command[bytes]:
    """Wrap a command so that its answer is kept in the same transaction and given again.

    A refusal is not kept: what is refused now may be right a minute later.
    """

    def run(transaction: Transaction) -> bytes:
        kept = transaction.connection.execute(
            _KEPT, {"of_actor": actor, "of_key": key}
        ).one_or_none()
        if kept is not None:
            if not hmac.compare_digest(kept.fingerprint, print_):
                raise Refusal(422, "key_reused", "the key belongs to another request")
            return _open(transaction, kept)
        answer = do(transaction).model_dump_json().encode()
        _keep(transaction, actor, key, print_, answer)
        return answer

    return run


def forget_old(transaction: Transaction) -> None:
    """Drop the answers that nobody will ask for again."""
    transaction.connection.execute(delete(answers).where(answers.c.at < transaction.now - KEPT))


def _keep(transaction: Transaction, actor: str, key: str, print_: bytes, answer: bytes) -> None:
    subject = transaction.answer_subject
    bound_to = f"answer {actor} {key}"
    if subject:
        # The answer shows a case, so it must vanish when the case is erased.
        sealed = transaction.seal(subject, answer, bound_to)
    else:
        sealed = sealing.seal(transaction.keys.wrapping, answer, bound_to)
    transaction.connection.execute(
        _KEEP,
        {
            "actor": actor,
            "key": key,
            "fingerprint": print_,
            "subject": subject,
            "sealed": sealed,
            "at": transaction.now,
        },
    )


def _open(transaction: Transaction, kept: Row[tuple[object, ...]]) -> bytes:
    bound_to = f"answer {kept.actor} {kept.key}"
    try:
        if kept.subject:
            return transaction.unseal(kept.subject, kept.sealed, bound_to)
        return sealing.unseal(transaction.keys.wrapping, kept.sealed, bound_to)
    except SealError as error:
        raise Refusal(410, "erased", "the case was erased") from error
