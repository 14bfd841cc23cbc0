"""Remember which figures were shown last, so that a later page does not tell what a few answered in between."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Nothing is remembered yet: whatever is looked at first is kept as shown."""
    op.create_table(
        "shown_years",
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("slug", "year", name=op.f("pk_shown_years")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("shown_years")
