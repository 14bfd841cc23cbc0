"""Plan the points in the work at which a form is given again."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "series",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("variant", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("locality", sa.String(length=80), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("stopped_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("words", name=op.f("uq_series_words")),
    )
    op.create_index("ix_series_team", "series", ["team"])
    op.create_table(
        "planned_points",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("series_id", sa.String(length=36), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("invitation_id", sa.String(length=36), nullable=True),
        sa.Column("left_out_at", Moment(), nullable=True),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_planned_points_series_id_series"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_planned_points_invitation_id_invitations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_points")),
    )
    op.create_index("ix_planned_points_series_id", "planned_points", ["series_id"])
    op.create_index("ix_planned_points_due_on", "planned_points", ["due_on"])


def downgrade() -> None:
    """Go back; what was planned is lost, what was answered stays."""
    op.drop_table("planned_points")
    op.drop_table("series")
