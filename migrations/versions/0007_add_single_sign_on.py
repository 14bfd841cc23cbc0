"""Bind accounts to another sign-in service."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "sign_on_identities",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("bound_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_sign_on_identities_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_sign_on_identities")),
        sa.UniqueConstraint("account_id", name=op.f("uq_sign_on_identities_account_id")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("sign_on_identities")
