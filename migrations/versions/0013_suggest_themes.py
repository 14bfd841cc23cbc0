"""Create suggestions of new themes."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment
from hscb_voice.foundation.fence import fencing_of, unfencing_of

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _create_searches_and_suggestions()
    _create_what_they_rest_on()
    _create_decisions()
    if op.get_bind().dialect.name == "postgresql":
        for statement in fencing_of("suggested_comments", "response_id", "responses"):
            op.execute(statement)


def downgrade() -> None:
    """Go back; the daily look finds suggestions again, and decisions are lost."""
    op.execute("DELETE FROM jobs WHERE kind = 'new_themes.search'")
    if op.get_bind().dialect.name == "postgresql":
        for statement in unfencing_of("suggested_comments"):
            op.execute(statement)
    for table in ("theme_decisions", "suggested_comments", "theme_suggestions", "theme_searches"):
        op.drop_table(table)


def _create_searches_and_suggestions() -> None:
    op.create_table(
        "theme_searches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("without_theme", sa.Integer(), nullable=False),
        sa.Column("now_start", sa.Date(), nullable=True),
        sa.Column("before_start", sa.Date(), nullable=True),
        sa.Column("end", sa.Date(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_searches")),
    )
    op.create_index("ix_theme_searches_asked_on", "theme_searches", ["asked_on"])
    op.create_table(
        "theme_suggestions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("search_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("z", sa.Double(), nullable=True),
        sa.Column("prints", sa.JSON(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"],
            ["theme_searches.id"],
            name=op.f("fk_theme_suggestions_search_id_theme_searches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_suggestions")),
    )
    op.create_index("ix_theme_suggestions_search_id", "theme_suggestions", ["search_id"])


def _create_what_they_rest_on() -> None:
    op.create_table(
        "suggested_comments",
        sa.Column("suggestion_id", sa.String(length=36), nullable=False),
        sa.Column("comment_id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["theme_suggestions.id"],
            name=op.f("fk_suggested_comments_suggestion_id_theme_suggestions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_suggested_comments_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["responses.id"],
            name=op.f("fk_suggested_comments_response_id_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("suggestion_id", "comment_id", name=op.f("pk_suggested_comments")),
    )
    op.create_index("ix_suggested_comments_comment_id", "suggested_comments", ["comment_id"])
    op.create_index("ix_suggested_comments_response_id", "suggested_comments", ["response_id"])


def _create_decisions() -> None:
    op.create_table(
        "theme_decisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("prints", sa.JSON(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_decisions")),
    )
    op.create_index("ix_theme_decisions_decided_at", "theme_decisions", ["decided_at"])
