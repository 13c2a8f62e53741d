"""Proofs about the ledger, as an outside witness asks for them. Hashes travel as base64."""

from typing import Annotated

from pydantic import Field

from common.wire.base import Shape

Hash = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]


class InclusionProof(Shape):
    """That a line is in the tree of a size (RFC 9162, 2.1.3). The leaf's index is line - 1."""

    line: int
    size: int
    leaf: Hash
    proof: list[Hash]


class ConsistencyProof(Shape):
    """That the tree of a size begins with the tree of an older size (RFC 9162, 2.1.4)."""

    old: int
    size: int
    proof: list[Hash]
