"""Count by which way and in which language answers came as they come, so that no page has to count all of them."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_SPAN = "slug, span_start, span_end"
_CAME = "question IN ('came:channel', 'came:language')"


def upgrade() -> None:
    """Go forward."""
    for what in ("channel", "language"):
        op.execute(
            f"INSERT INTO tallies ({_SPAN}, question, row, choice, respondent, service, age_band, answered, "  # noqa: S608 - our own names
            f"invented, n) SELECT {_SPAN}, 'came:{what}', '', {what}, respondent, '', '', '', invented, count(*) "
            f"FROM responses WHERE taken_back_at IS NULL GROUP BY {_SPAN}, {what}, respondent, invented"
        )


def downgrade() -> None:
    """Go back."""
    op.execute(f"DELETE FROM tallies WHERE {_CAME}")  # noqa: S608 - our own names
