"""Create models learned from corrections."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "learned_models",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("codebook", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("corrected", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_learned_models")),
    )
    op.create_table(
        "learned_switches",
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("off_by", sa.String(length=60), nullable=False),
        sa.Column("off_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("theme", name=op.f("pk_learned_switches")),
    )
    op.create_table(
        "pattern_suggestions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("model", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_suggestions")),
        sa.UniqueConstraint("theme", "phrase", name=op.f("uq_pattern_suggestions_theme_phrase")),
    )


def downgrade() -> None:
    """Go back; what was learned goes, and people's codes stay."""
    op.execute("DELETE FROM jobs WHERE kind = 'themes.learn'")
    for table in ("pattern_suggestions", "learned_switches", "learned_models"):
        op.drop_table(table)
