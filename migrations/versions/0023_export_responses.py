"""Create exports of responses: files that are sealed, and gone after a day."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "response_exports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("words", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_exports")),
    )
    op.create_index("ix_response_exports_person_id_asked_at", "response_exports", ["person_id", "asked_at"])


def downgrade() -> None:
    """Go back; files that wait to be taken must be asked for again."""
    op.execute("DELETE FROM jobs WHERE kind LIKE 'exports.%'")
    op.drop_table("response_exports")
