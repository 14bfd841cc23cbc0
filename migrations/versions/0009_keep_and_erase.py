"""Create what retention and erasure need."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "registered_keys",
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_registered_keys")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("registered_keys")
