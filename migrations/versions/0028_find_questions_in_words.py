"""Find which questions a response answered in words without touching the sealed words themselves."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_INDEX, _TABLE = "ix_comments_response_id", "comments"


def upgrade() -> None:
    """Go forward."""
    op.drop_index(_INDEX, _TABLE)
    op.create_index(_INDEX, _TABLE, ["response_id", "question"])


def downgrade() -> None:
    """Go back."""
    op.drop_index(_INDEX, _TABLE)
    op.create_index(_INDEX, _TABLE, ["response_id"])
