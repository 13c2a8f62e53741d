"""POST /v1/tags."""

from fastapi import APIRouter, Response

from backend.api.access import Commanded
from backend.commands import tags
from common.wire.shapes import TagAnswer, TagRequest

router = APIRouter()


@router.post("/v1/tags", response_model=TagAnswer)
async def issue_tag(asked: Commanded, body: TagRequest) -> Response:
    """Give a tag and open the case; who asks again gets the same tag."""
    asked.must_be("tag", "booth")
    return await asked.command(lambda transaction: tags.issue(transaction, asked.station, body))
