"""Let each service set where leaving a page leads."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "exit_addresses",
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("set_by", sa.String(length=60), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_exit_addresses")),
    )


def downgrade() -> None:
    """Go back; every page leads to the usual site again."""
    op.drop_table("exit_addresses")
