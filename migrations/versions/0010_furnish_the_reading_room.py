"""Furnish the reading room: what a person has read, undo, meetings, blind codes, masks and second approvals."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment
from hscb_voice.foundation.fence import fencing_of, unfencing_of

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Tables that hold something of one response, and what leads to it: table, column, the fenced table above.
_FENCED = (
    ("to_be_read", "response_id", "responses"),
    ("reading_acts", "item_id", "to_be_read"),
    ("mask_edits", "comment_id", "comments"),
    ("blind_codings", "response_id", "responses"),
)


def upgrade() -> None:
    """Go forward; all that was written before waits to be read."""
    _list_what_is_to_be_read()
    _let_people_mask_and_approve()
    _let_people_read()
    _let_a_second_person_code()
    if op.get_bind().dialect.name == "postgresql":
        for table, column, above in _FENCED:
            for statement in fencing_of(table, column, above):
                op.execute(statement)


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "postgresql":
        for table, _, _ in reversed(_FENCED):
            for statement in unfencing_of(table):
                op.execute(statement)
    for table in ("blind_codings", "blind_samples", "meetings", "reading_acts", "mask_edits", "two_to_approve"):
        op.drop_table(table)
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.drop_column("second_at")
        batch_op.drop_column("second_by")
    op.drop_index("ix_codings_polarity", table_name="codings")
    op.drop_table("to_be_read")


def _list_what_is_to_be_read() -> None:
    op.create_table(
        "to_be_read",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("comment_id", sa.String(length=36), nullable=True),
        sa.Column("second_id", sa.String(length=36), nullable=True),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("respondent", sa.String(length=20), nullable=False),
        sa.Column("is_child", sa.Boolean(), nullable=False),
        sa.Column("span_start", sa.Date(), nullable=False),
        sa.Column("span_end", sa.Date(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("read_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_to_be_read_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["second_answers.id"],
            name=op.f("fk_to_be_read_second_id_second_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_to_be_read_response_id_responses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_to_be_read")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_to_be_read_comment_id")),
        sa.UniqueConstraint("second_id", name=op.f("uq_to_be_read_second_id")),
    )
    columns = "respondent, is_child, span_start, span_end, heard_at"
    op.execute(
        f"INSERT INTO to_be_read (id, comment_id, response_id, {columns}) "  # noqa: S608 - our own column names
        "SELECT c.id, c.id, r.id, r.respondent, r.respondent = 'child', r.span_start, r.span_end, r.received_at "
        "FROM comments c JOIN responses r ON r.id = c.response_id"
    )
    op.execute(
        f"INSERT INTO to_be_read (id, second_id, response_id, {columns}) "  # noqa: S608 - our own column names
        "SELECT s.id, s.id, r.id, r.respondent, r.respondent = 'child', r.span_start, r.span_end, s.received_at "
        "FROM second_answers s JOIN responses r ON r.id = s.response_id"
    )
    waiting = sa.text("read_at IS NULL")
    op.create_index("ix_to_be_read_response_id", "to_be_read", ["response_id"])
    op.create_index(
        "ix_to_be_read_waiting",
        "to_be_read",
        ["is_child", "heard_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_to_be_read_heard_at", "to_be_read", ["heard_at", "read_at"])
    op.create_index("ix_to_be_read_span_start", "to_be_read", ["span_start", "span_end", "respondent", "read_at"])


def _let_people_mask_and_approve() -> None:
    op.create_index("ix_codings_polarity", "codings", ["polarity"])
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_by", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("second_at", Moment(), nullable=True))
    op.create_table(
        "two_to_approve",
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_two_to_approve")),
    )
    op.create_table(
        "mask_edits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("comment_id", sa.String(length=36), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_mask_edits_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mask_edits")),
        sa.UniqueConstraint("comment_id", "turn", name=op.f("uq_mask_edits_comment_id_turn")),
    )


def _let_people_read() -> None:
    op.create_table(
        "reading_acts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("traces", sa.JSON(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["to_be_read.id"], name=op.f("fk_reading_acts_item_id_to_be_read"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reading_acts")),
    )
    op.create_index("ix_reading_acts_item_id", "reading_acts", ["item_id"])
    op.create_index("ix_reading_acts_person", "reading_acts", ["person", "number"])
    op.create_table(
        "meetings",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=60), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_meetings")),
    )


def _let_a_second_person_code() -> None:
    op.create_table(
        "blind_samples",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("span_start", sa.Date(), nullable=False),
        sa.Column("span_end", sa.Date(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=40), nullable=False),
        sa.Column("drawn_by", sa.String(length=60), nullable=False),
        sa.Column("drawn_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_samples")),
    )
    op.create_table(
        "blind_codings",
        sa.Column("sample_id", sa.String(length=36), nullable=False),
        sa.Column("comment_id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("first_coder", sa.String(length=120), nullable=False),
        sa.Column("first_polarity", sa.String(length=10), nullable=False),
        sa.Column("first_themes", sa.JSON(), nullable=False),
        sa.Column("second_coder", sa.String(length=60), nullable=True),
        sa.Column("second_polarity", sa.String(length=10), nullable=True),
        sa.Column("second_themes", sa.JSON(), nullable=True),
        sa.Column("coded_at", Moment(), nullable=True),
        sa.Column("codebook", sa.String(length=60), nullable=False),
        sa.Column("settled", sa.String(length=10), nullable=True),
        sa.Column("settled_by", sa.String(length=60), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["blind_samples.id"],
            name=op.f("fk_blind_codings_sample_id_blind_samples"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_blind_codings_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_blind_codings_response_id_responses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sample_id", "comment_id", name=op.f("pk_blind_codings")),
    )
    op.create_index("ix_blind_codings_response_id", "blind_codings", ["response_id"])
    op.create_index("ix_blind_codings_comment_id", "blind_codings", ["comment_id"])
