"""Fence series of forms, and the days on which they are due, by team."""

from alembic import op

from hscb_voice.foundation.fence import fencing_of, unfencing_of

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. SQLite knows no policies: there the program's own queries are the only fence."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in fencing_of("series", "team") + fencing_of("planned_points", "series_id", "series"):
            op.execute(statement)


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in unfencing_of("planned_points") + unfencing_of("series"):
            op.execute(statement)
