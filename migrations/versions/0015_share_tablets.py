"""Create shared tablets, the key pairs for which they seal, and the receipts that are promised to them."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment
from hscb_voice.foundation.fence import fencing_of, unfencing_of

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _create_tablets()
    op.create_table(
        "tablet_keys",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("x", sa.String(length=43), nullable=False),
        sa.Column("y", sa.String(length=43), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet_keys")),
    )
    op.create_table(
        "reserved_receipts",
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sitting_id", sa.String(length=36), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("reserved_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("receipt_hash", name=op.f("pk_reserved_receipts")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_reserved_receipts_sitting_id")),
    )
    op.create_index("ix_reserved_receipts_holder", "reserved_receipts", ["holder"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in fencing_of("tablets", "team"):
            op.execute(statement)


def downgrade() -> None:
    """Go back. Tablets must be set up anew; an answer that waits on one cannot be opened any more."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in unfencing_of("tablets"):
            op.execute(statement)
    for table in ("reserved_receipts", "tablet_keys", "tablets"):
        op.drop_table(table)


def _create_tablets() -> None:
    op.create_table(
        "tablets",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("locality", sa.String(length=80), nullable=False),
        sa.Column("slugs", sa.JSON(), nullable=False),
        sa.Column("pin_salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("pin_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("pin_iterations", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_expires_at", Moment(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("enrolled_at", Moment(), nullable=True),
        sa.Column("last_seen_at", Moment(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("waiting_since", Moment(), nullable=True),
        sa.Column("needs_help", sa.Integer(), nullable=False),
        sa.Column("late_answers", sa.Integer(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablets")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_tablets_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tablets_token_hash")),
    )
    op.create_index("ix_tablets_team", "tablets", ["team"])
