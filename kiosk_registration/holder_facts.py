"""What is recorded once it is proven who the person is."""

from base64 import b64encode

from common.domain.case import SourceDocument
from common.domain.finger_ladder import FingerLadder
from common.matching.finger_records import fmr_2005
from common.wire.evidence import Attempts, EnrolledFinger, InspectedDocument
from common.wire.facts import (
    BiometricsAttempted,
    DocumentsInspected,
    FingersEnrolled,
    FormFilled,
    HolderIdentified,
    What,
)
from kiosk_registration.words import HolderProof, OpenCase

_OLD_CARD = InspectedDocument(
    document=SourceDocument.OLD_CARD,
    strength="strong",
    original=True,
    genuine=True,
    chip="verified",
)


def attempted(ladder: FingerLadder) -> What:
    """Return what was tried of fingers and face."""
    return BiometricsAttempted(attempts=Attempts.of(ladder))


def holder_facts(case: OpenCase, proof: HolderProof) -> tuple[What, ...]:
    """Return who the person is, by what, and the fingers for the new card, in this order."""
    best = max(proof.taken, key=lambda finger: finger.score, default=None)
    identified = HolderIdentified(
        by=proof.by,
        finger_position=0 if best is None else best.position,
        score=round(proof.score, 2),
        card="verified",  # a chip that is not genuine lets nobody come so far
    )
    fingers = _enrolled(proof)
    enrolled = (FingersEnrolled(fingers=fingers),) if fingers else ()
    form = FormFilled(particulars=case.particulars)
    inspected = DocumentsInspected(documents=(_OLD_CARD,))
    return (inspected, attempted(proof.ladder), identified, *enrolled, form)


def _enrolled(proof: HolderProof) -> tuple[EnrolledFinger, ...]:
    return tuple(
        EnrolledFinger(
            position=finger.position,
            quality=kept.template.quality,
            # The shapes take bytes as they travel.
            template=b64encode(fmr_2005.write(kept.template)),
            overridden=kept.overridden,
        )
        for finger in proof.taken
        for kept in finger.kept
    )
