"""Create what retention and erasure need."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OF_A_RESPONSE = ("holds", "erasure_wishes", "access_requests")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "registered_keys",
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_registered_keys")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_back_at", Moment(), nullable=True))

    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outside_at", Moment(), nullable=True),
        sa.Column("swept_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index("uq_erasures_response_id_act", ["response_id", "act"], unique=True)
        batch_op.create_index("ix_erasures_at", ["at"], unique=False)

    op.create_table(
        "retention_periods",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_retention_periods")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("words_due", sa.Integer(), nullable=False),
        sa.Column("held_back", sa.Integer(), nullable=False),
        sa.Column("leftovers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    with op.batch_alter_table("retention_runs", schema=None) as batch_op:
        batch_op.create_index("ix_retention_runs_at", ["at"], unique=False)

    op.create_table(
        "holds",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("held_by", sa.String(length=60), nullable=False),
        sa.Column("held_at", Moment(), nullable=False),
        _goes_with_its_response("holds"),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_holds")),
    )
    op.create_table(
        "erasure_wishes",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        _goes_with_its_response("erasure_wishes"),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_erasure_wishes")),
    )
    op.create_table(
        "access_requests",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("concerns", sa.String(length=20), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        _goes_with_its_response("access_requests"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
        sa.UniqueConstraint("response_id", name=op.f("uq_access_requests_response_id")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("registered_keys")
    for table in reversed(_OF_A_RESPONSE):
        op.drop_table(table)
    with op.batch_alter_table("retention_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_retention_runs_at")

    op.drop_table("retention_runs")
    op.drop_table("retention_periods")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index("ix_erasures_at")
        batch_op.drop_index("uq_erasures_response_id_act")

    op.drop_table("erasures")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_column("taken_back_at")


def _goes_with_its_response(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_response_id_responses")
    return sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=name, ondelete="CASCADE")
