"""Custody: the law as a table, one event for each change, two officers, stock and counts."""

# ruff: noqa: S608 (every part of these statements is a constant)
import sqlalchemy as sa
from alembic import op

from backend.schema.base import Moment
from backend.schema.rules import append_only, refuse, refuse_where
from common.domain.card import KEPT
from common.domain.custody import EDGES

revision = "0005"
down_revision = "0004"

_CASES = (
    ("collection_office", sa.Text),
    ("recipient_version", sa.Integer),
    ("identified_on", sa.Text),
    ("enrolled_on", sa.Text),
    ("sources", sa.LargeBinary),
    ("notice", sa.Text),
)
_THINGS = (
    ("card", "cards", "card_id"),
    ("document", "captured_documents", "document_id"),
    ("blank", "blank_cards", "serial"),
)
_FIRST = {"card": "ordered", "blank": "in_stock"}
_CAPTURING = (
    "'holder_identified', 'fingers_enrolled', 'fingers_excepted', 'witnessed',"
    " 'photograph_taken', 'case_submitted'"
)


def upgrade() -> None:
    """Make the tables, take over the cards there are, then let the database hold the law."""
    _make_tables()
    for name, kind in _CASES:
        op.add_column("cases", sa.Column(name, kind(), nullable=True))
    op.create_index(op.f("ix_cases_collection_office"), "cases", ["collection_office"])
    op.add_column("cards", sa.Column("person", sa.Text(), nullable=True))
    op.add_column("cards", sa.Column("stored_at", Moment(), nullable=True))
    op.add_column("cards", sa.Column("valid_until", sa.Text(), nullable=True))
    op.add_column(
        "stations", sa.Column("authorised", sa.Integer(), nullable=False, server_default="1")
    )
    _write_law()
    _take_over_cards()
    _make_card_indexes()
    _make_triggers()


def _write_law() -> None:
    moves = sa.table(
        "moves_allowed",
        *(sa.column(name) for name in ("thing", "state", "move", "next", "action", "needed")),
    )
    op.bulk_insert(
        moves,
        [
            {
                "thing": edge.thing.value,
                "state": str(edge.state),
                "move": str(edge.move),
                "next": str(edge.next),
                "action": None if edge.action is None else edge.action.value,
                "needed": int(edge.needed),
            }
            for edge in EDGES
        ],
    )


def _take_over_cards() -> None:
    """A person's older cards are valid no more; each card's book begins with where it is."""
    op.execute(
        "UPDATE cards SET person = (SELECT NULLIF(c.person, '') FROM cases c"
        " WHERE c.case_id = cards.case_id)"
    )
    op.execute(
        "UPDATE cards SET state = 'revoked', version = version + 1 WHERE state = 'issued'"
        " AND EXISTS (SELECT 1 FROM cards newer WHERE newer.person = cards.person"
        " AND newer.state = 'issued' AND (newer.ordered_at > cards.ordered_at"
        " OR (newer.ordered_at = cards.ordered_at AND newer.card_id > cards.card_id)))"
    )
    op.execute("UPDATE cards SET stored_at = ordered_at WHERE state IN ('stored', 'reserved')")
    op.execute(
        "UPDATE cases SET identified_on = substr(CAST(opened_at AS TEXT), 1, 10)"
        " WHERE identified_by IS NOT NULL"
    )
    op.execute(
        "UPDATE cases SET enrolled_on = substr(CAST(opened_at AS TEXT), 1, 10)"
        " WHERE portrait IS NOT NULL"
    )
    op.execute(
        "INSERT INTO custody_events (thing, object_id, version, move, to_state, place, station,"
        " at) SELECT 'card', card_id, version, 'taken_over', state,"
        " COALESCE(location, 'not told'), 'backend', ordered_at FROM cards"
    )


def _make_card_indexes() -> None:
    kept = sa.text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(KEPT))))
    issued = sa.text("state = 'issued'")
    for name, where in (("one_kept_card", kept), ("one_valid_card", issued)):
        op.create_index(
            name, "cards", ["person"], unique=True, sqlite_where=where, postgresql_where=where
        )


def _make_triggers() -> None:
    for thing, table, key in _THINGS:
        event = (
            "SELECT 1 FROM custody_events e JOIN moves_allowed m ON m.thing = e.thing"
            " AND m.state = e.from_state AND m.move = e.move AND m.next = e.to_state"
            f" WHERE e.thing = '{thing}' AND e.object_id = NEW.{key}"
            " AND e.version = NEW.version AND NEW.version = OLD.version + 1"
            " AND e.from_state = OLD.state AND e.to_state = NEW.state"
        )
        refuse_where(
            f"{table}_lawful",
            "UPDATE",
            table,
            f"no lawful move of a {thing}",
            f"(NEW.state <> OLD.state OR NEW.version <> OLD.version) AND NOT EXISTS ({event})",
        )
        first = f"NEW.state <> '{_FIRST[thing]}' OR " if thing in _FIRST else ""
        begun = (
            "SELECT 1 FROM custody_events e"
            f" WHERE e.thing = '{thing}' AND e.object_id = NEW.{key} AND e.version = 1"
            " AND e.from_state IS NULL AND e.to_state = NEW.state"
        )
        refuse_where(
            f"{table}_begin",
            "INSERT",
            table,
            f"no lawful beginning of a {thing}",
            f"{first}NEW.version <> 1 OR NOT EXISTS ({begun})",
        )
        refuse(f"{table}_stay", "DELETE", table, f"a {thing} is never forgotten")
    refuse_where(
        "cards_approved",
        "INSERT",
        "cards",
        "no card before approval",
        "NOT EXISTS (SELECT 1 FROM cases c WHERE c.case_id = NEW.case_id"
        " AND c.approved_by IS NOT NULL)",
    )
    _refuse_events()
    _refuse_actions()
    _refuse_same_hands()


def _refuse_events() -> None:
    append_only("custody_events")
    confirmed = (
        "SELECT 1 FROM pending_actions a JOIN action_objects o ON o.action_id = a.action_id"
        " WHERE a.action_id = NEW.action_id AND a.kind = m.action AND a.confirmed_by IS NOT NULL"
        " AND ((o.thing = NEW.thing AND o.object_id = NEW.object_id"
        " AND o.version = NEW.version - 1)"
        " OR (o.thing = 'case' AND EXISTS (SELECT 1 FROM cards k JOIN cases c"
        " ON c.case_id = k.case_id WHERE k.card_id = NEW.object_id"
        " AND c.case_id = o.object_id AND c.recipient_version = o.version)))"
    )
    refuse_where(
        "custody_events_two_officers",
        "INSERT",
        "custody_events",
        "two officers needed",
        "EXISTS (SELECT 1 FROM moves_allowed m WHERE m.thing = NEW.thing"
        " AND m.state = NEW.from_state AND m.move = NEW.move"
        " AND ((m.needed = 1 AND NEW.action_id IS NULL)"
        f" OR (NEW.action_id IS NOT NULL AND NOT EXISTS ({confirmed}))))",
    )
    refuse_where(
        "custody_events_issuer",
        "INSERT",
        "custody_events",
        "who personalised a card does not issue it",
        "NEW.move = 'issue' AND EXISTS (SELECT 1 FROM cards k"
        " LEFT JOIN pending_actions a ON a.action_id = NEW.action_id"
        " WHERE k.card_id = NEW.object_id AND (k.personalised_by = NEW.officer"
        " OR k.personalised_by = a.proposed_by OR k.personalised_by = a.confirmed_by))",
    )


def _refuse_actions() -> None:
    fixed = ("action_id", "kind", "office", "reason", "digest", "proposed_by", "expires_at")
    changed = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in fixed)
    refuse(
        "pending_actions_once",
        "UPDATE",
        "pending_actions",
        "an action is confirmed once, as it was proposed",
        f"OLD.confirmed_by IS NOT NULL OR {changed}"
        " OR COALESCE(NEW.to_office, '') <> COALESCE(OLD.to_office, '')",
    )
    refuse("pending_actions_stay", "DELETE", "pending_actions", "an action stays")
    refuse(
        "pending_actions_begin",
        "INSERT",
        "pending_actions",
        "an action is first proposed",
        "NEW.confirmed_by IS NOT NULL",
    )
    append_only("action_objects")
    refuse_where(
        "action_objects_before",
        "INSERT",
        "action_objects",
        "nothing joins a confirmed action",
        "EXISTS (SELECT 1 FROM pending_actions a WHERE a.action_id = NEW.action_id"
        " AND a.confirmed_by IS NOT NULL)",
    )


def _refuse_same_hands() -> None:
    refuse_where(
        "cases_two_hands",
        "UPDATE",
        "cases",
        "who captured a case does not approve it",
        "NEW.approved_by IS NOT NULL AND (NEW.approved_by = NEW.captured_by"
        " OR ((OLD.approved_by IS NULL OR OLD.approved_by <> NEW.approved_by)"
        " AND EXISTS (SELECT 1 FROM ledger l WHERE l.case_id = NEW.case_id"
        " AND l.officer = NEW.approved_by AND l.kind IN (" + _CAPTURING + "))))",
    )


def _make_tables() -> None:
    op.create_table(
        "moves_allowed",
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("thing", "state", "move", name=op.f("pk_moves_allowed")),
        sa.UniqueConstraint(
            "thing", "state", "move", "next", name=op.f("uq_moves_allowed_thing_state_move_next")
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "pending_actions",
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("to_office", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Text(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_pending_actions_whole")
        ),
        sa.CheckConstraint("confirmed_at <= expires_at", name=op.f("ck_pending_actions_in_time")),
        sa.CheckConstraint(
            "confirmed_by <> proposed_by", name=op.f("ck_pending_actions_two_officers")
        ),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_pending_actions")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_pending_actions_office"), "pending_actions", ["office"], unique=False)
    op.create_table(
        "action_objects",
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["pending_actions.action_id"], name=op.f("fk_action_objects_action_id")
        ),
        sa.PrimaryKeyConstraint("action_id", "thing", "object_id", name=op.f("pk_action_objects")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_action_objects_object", "action_objects", ["thing", "object_id"], unique=False
    )
    op.create_table(
        "custody_events",
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=True),
        sa.Column("action_id", sa.Text(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column(
            "ledger_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint(
            "move <> 'issue' OR (proof IS NOT NULL AND (proof = 'face_and_finger'"
            " OR (proof = 'officer' AND action_id IS NOT NULL)))",
            name=op.f("ck_custody_events_issued_on_proof"),
        ),
        sa.ForeignKeyConstraint(
            ["action_id"], ["pending_actions.action_id"], name=op.f("fk_custody_events_action_id")
        ),
        sa.ForeignKeyConstraint(
            ["thing", "from_state", "move", "to_state"],
            [
                "moves_allowed.thing",
                "moves_allowed.state",
                "moves_allowed.move",
                "moves_allowed.next",
            ],
            name=op.f("fk_custody_events_thing_from_state_move_to_state"),
        ),
        sa.PrimaryKeyConstraint("thing", "object_id", "version", name=op.f("pk_custody_events")),
        sqlite_strict=True,
    )
    op.create_table(
        "captured_documents",
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("captured_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_captured_documents_case_id")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_captured_documents")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_captured_documents_case_id"), "captured_documents", ["case_id"], unique=False
    )
    op.create_index(
        "ix_captured_documents_place",
        "captured_documents",
        ["office", "place", "state"],
        unique=False,
    )
    op.create_table(
        "blank_cards",
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=op.f("pk_blank_cards")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_blank_cards_place", "blank_cards", ["office", "place", "state"], unique=False
    )
    op.create_table(
        "card_revocations",
        sa.Column("revocation_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("card_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.card_id"], name=op.f("fk_card_revocations_card_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_card_revocations_case_id")
        ),
        sa.PrimaryKeyConstraint("revocation_id", name=op.f("pk_card_revocations")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_card_revocations_case_id"), "card_revocations", ["case_id"], unique=False
    )
    op.create_index(
        op.f("ix_card_revocations_sent_at"), "card_revocations", ["sent_at"], unique=False
    )
    op.create_table(
        "counts",
        sa.Column("count_id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=True),
        sa.Column("book", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("count_id", name=op.f("pk_counts")),
        sqlite_strict=True,
    )
    op.create_index("ix_counts_day", "counts", ["office", "day", "place"], unique=False)
    op.create_table(
        "count_differences",
        sa.Column("difference_id", sa.Text(), nullable=False),
        sa.Column("count_id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("open_object", sa.Text(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("settlement", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["count_id"], ["counts.count_id"], name=op.f("fk_count_differences_count_id")
        ),
        sa.PrimaryKeyConstraint("difference_id", name=op.f("pk_count_differences")),
        sa.UniqueConstraint(
            "office",
            "place",
            "what",
            "open_object",
            name=op.f("uq_count_differences_office_place_what_open_object"),
        ),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_count_differences_count_id"), "count_differences", ["count_id"], unique=False
    )
    op.create_index(
        op.f("ix_count_differences_office"), "count_differences", ["office"], unique=False
    )
    op.create_table(
        "biometric_tries",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.case_id"], name=op.f("fk_biometric_tries_case_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "station", "day", name=op.f("pk_biometric_tries")),
        sqlite_strict=True,
    )
    op.create_table(
        "issuance_policies",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_issuance_policies")),
        sqlite_strict=True,
    )
