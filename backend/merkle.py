"""Merkle trees of RFC 9162 section 2.1, grown leaf by leaf and proved from kept nodes.

A node of level L stands for 2**L leaves. It is complete when its last leaf is written, so it is
kept with that leaf: the nodes of leaf n (counted from 1) are its own hash and those of every
perfect subtree that ends with it, from level 0 upwards; on average two hashes.
"""

import hashlib
from collections.abc import Callable, Iterable

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256().digest()

Node = tuple[int, int]
"""Level, and index from the left among the nodes of that level, from 0."""
Span = tuple[int, int]
"""Leaves from the first, counted from 0, up to and without the second."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(size: int, frontier: bytes, leaf: bytes) -> tuple[bytes, bytes]:
    """Add a leaf's hash to a tree of size leaves.

    A frontier is what must be remembered to go on: the hashes of the perfect subtrees that the
    tree consists of, the largest first. Returns the new frontier and the leaf's nodes.
    """
    node, nodes, end = leaf, [leaf], len(frontier)
    while size & 1:
        end -= HASH_BYTES
        node = node_hash(frontier[end : end + HASH_BYTES], node)
        nodes.append(node)
        size >>= 1
    return frontier[:end] + node, b"".join(nodes)


def left_siblings(size: int) -> list[Node]:
    """Return the nodes that the next leaf of a tree of size leaves is hashed with, upwards."""
    level, nodes = 0, []
    while (size >> level) & 1:
        nodes.append((level, (size >> level) - 1))
        level += 1
    return nodes


def root(frontier: bytes) -> bytes:
    """Return the tree's root."""
    return _fold(split(frontier)) if frontier else EMPTY_ROOT


def split(hashes: bytes) -> list[bytes]:
    """Take apart hashes that stand one after another."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def cover(span: Span) -> list[Node]:
    """Return the perfect subtrees that a span of a tree consists of, the largest first."""
    first, end = span
    nodes = []
    while first < end:
        level = (end - first).bit_length() - 1
        nodes.append((level, first >> level))
        first += 1 << level
    return nodes


def ending_leaf(node: Node) -> int:
    """Return the leaf, counted from 1, that a node is kept with."""
    level, index = node
    return (index + 1) << level


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return the spans whose hashes prove that a leaf is in the tree (RFC 9162, 2.1.3.1)."""
    first, end, spans = 0, size, list[Span]()
    while end - first > 1:
        middle = first + _left_part(end - first)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """Return the spans whose hashes prove that a tree begins with an older one (2.1.4.1)."""
    first, end, spans = 0, size, list[Span]()
    while old < end:
        middle = first + _left_part(end - first)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    if first > 0:
        spans.append((first, end))
    return spans[::-1]


def hashes_of(spans: Iterable[Span], kept: Callable[[Node], bytes]) -> list[bytes]:
    """Return the hash of each span, made from kept nodes."""
    return [_fold([kept(node) for node in cover(span)]) for span in spans]


def is_consistent(old: int, old_root: bytes, size: int, root_: bytes, proof: list[bytes]) -> bool:
    """Tell whether a proof shows that one tree begins with the other (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in {0, size}:
        known = EMPTY_ROOT if old == 0 else root_
        return not proof and old_root == known
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        at, last = at >> 1, last >> 1
    return last == 0 and older == old_root and newer == root_


def _left_part(size: int) -> int:
    """Return the largest power of two below size."""
    return 1 << ((size - 1).bit_length() - 1)


def _fold(hashes: list[bytes]) -> bytes:
    whole = hashes[-1]
    for left in hashes[-2::-1]:
        whole = node_hash(left, whole)
    return whole
