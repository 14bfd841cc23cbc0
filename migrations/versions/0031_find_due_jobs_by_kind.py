"""Find what is due of one kind straight away, so that a claim need not look through all that waits."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.drop_index("ix_jobs_due", "jobs")
    op.create_index("ix_jobs_kind_due", "jobs", ["kind", "due"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_jobs_kind_due", "jobs")
    op.create_index("ix_jobs_due", "jobs", ["due"])
