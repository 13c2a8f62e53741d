"""The moves of a card that a proxy collects, and that its holder activates."""

import sqlalchemy as sa
from alembic import op

from common.domain.custody import EDGES

revision = "0015"
down_revision = "0013"

_MOVES = sa.table(
    "moves_allowed",
    *(sa.column(name) for name in ("thing", "state", "move", "next", "action", "needed")),
)


def upgrade() -> None:
    """Allow what the law has come to allow; a new database was made with all of it."""
    known = {
        (row.thing, row.state, row.move)
        for row in op.get_bind().execute(sa.select(_MOVES.c.thing, _MOVES.c.state, _MOVES.c.move))
    }
    new = [
        {
            "thing": edge.thing.value,
            "state": str(edge.state),
            "move": str(edge.move),
            "next": str(edge.next),
            "action": None if edge.action is None else edge.action.value,
            "needed": int(edge.needed),
        }
        for edge in EDGES
        if (edge.thing.value, str(edge.state), str(edge.move)) not in known
    ]
    if new:
        op.bulk_insert(_MOVES, new)
