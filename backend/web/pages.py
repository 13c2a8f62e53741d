"""The public's pages."""

from fastapi import APIRouter, Request, Response

from backend.transaction import Refusal

router = APIRouter()


async def refusal_page(request: Request, refusal: Refusal) -> Response:
    """Say no to a person."""
    return Response(refusal.problem, refusal.status)
