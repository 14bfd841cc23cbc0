"""Let PostgreSQL itself fence rows by team."""

from alembic import op

from hscb_voice.foundation.fence import fencing_of, unfencing_of

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OF_RESPONSES = ("comments", "second_answers", "concerns", "codings", "quotes")
_TABLES = ("responses", *_OF_RESPONSES, "concern_notes", "coded_themes")


def upgrade() -> None:
    """Go forward. SQLite knows no policies: there the program's own queries are the only fence."""
    if op.get_bind().dialect.name != "postgresql":
        return
    statements = fencing_of("responses", "team")
    for table in _OF_RESPONSES:
        statements += fencing_of(table, "response_id", above="responses")
    statements += fencing_of("concern_notes", "concern_id", above="concerns")
    statements += fencing_of("coded_themes", "coding_id", above="codings")
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in reversed(_TABLES):
        for statement in unfencing_of(table):
            op.execute(statement)
