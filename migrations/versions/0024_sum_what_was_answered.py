"""Sum what was answered over services, ages and helpers: it is never shown by them, and made the table grow."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_OWN = (
    "question <> '' AND question NOT LIKE 'theme%' AND question NOT LIKE 'polarity%' "
    "AND question NOT LIKE 'concern:%' AND question NOT LIKE 'standby:%'"
)
_PLACE = "slug, span_start, span_end, question, row, choice, respondent"


def upgrade() -> None:
    """Go forward."""
    op.execute(
        f"CREATE TEMPORARY TABLE summed AS SELECT {_PLACE}, invented, sum(n) AS n "  # noqa: S608 - our own column names
        f"FROM tallies WHERE {_OWN} GROUP BY {_PLACE}, invented"
    )
    op.execute(f"DELETE FROM tallies WHERE {_OWN}")  # noqa: S608 - as above
    op.execute(
        f"INSERT INTO tallies ({_PLACE}, service, age_band, answered, invented, n) "  # noqa: S608 - as above
        f"SELECT {_PLACE}, '', '', '', invented, n FROM summed"
    )
    op.execute("DROP TABLE summed")


def downgrade() -> None:
    """Go back: sums stay true as they are; `hscb-voice figures rebuild` keeps them apart again."""
