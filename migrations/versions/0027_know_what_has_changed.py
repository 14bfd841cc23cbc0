"""Know by which month's counts have changed; and keep counts of themes and concerns by service, not by age and helper.

Each questionnaire and span gets a state drawn by lot, and a new one with every change, so that whoever has read its
counts knows whether they still hold. Themes and concerns are shown by nothing finer than the service.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_PLACE = "slug, span_start, span_end, question, row, choice, respondent, service"
_BY_ROOMS_ABOVE = (
    "(question LIKE 'theme%' OR question LIKE 'polarity%' OR question LIKE 'concern:%' OR question LIKE 'standby:%')"
)


def upgrade() -> None:
    """Go forward."""
    states = op.create_table(
        "tally_states",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("span_start", sa.Date(), nullable=False),
        sa.Column("span_end", sa.Date(), nullable=False),
        sa.Column("state", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slug", "span_start", "span_end", name=op.f("pk_tally_states")),
    )
    op.execute(
        f"CREATE TEMPORARY TABLE summed AS SELECT {_PLACE}, invented, sum(n) AS n "  # noqa: S608 - our own column names
        f"FROM tallies WHERE {_BY_ROOMS_ABOVE} GROUP BY {_PLACE}, invented"
    )
    op.execute(f"DELETE FROM tallies WHERE {_BY_ROOMS_ABOVE}")  # noqa: S608 - as above
    op.execute(
        f"INSERT INTO tallies ({_PLACE}, age_band, answered, invented, n) "  # noqa: S608 - as above
        f"SELECT {_PLACE}, '', '', invented, n FROM summed"
    )
    op.execute("DROP TABLE summed")
    tallies = sa.table(
        "tallies", sa.column("slug", sa.String), sa.column("span_start", sa.Date), sa.column("span_end", sa.Date)
    )
    spans = op.get_bind().execute(sa.select(tallies).distinct()).mappings()
    op.bulk_insert(states, [{**span, "state": secrets.randbits(62)} for span in spans])


def downgrade() -> None:
    """Go back: sums stay true as they are; `hscb-voice figures rebuild` does not part them again, nor is it needed."""
    op.drop_table("tally_states")
