"""Let staff pages make invitations: for one sitting, in one language, on sheets, and counted."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; what was opened before is for many sittings, and nobody made it."""
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("single", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("used_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("made_by", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("sheet_id", sa.String(length=36), nullable=True))
        batch_op.create_index("ix_invitations_team_created_at", ["team", "created_at"])
    with op.batch_alter_table("invited_counts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("invitation_id", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_invited_counts_invitation_id_invitations"), "invitations", ["invitation_id"], ["id"]
        )
        batch_op.create_index(
            "uq_invited_counts_invitation_id_span_start", ["invitation_id", "span_start"], unique=True
        )
    op.create_index("ix_responses_invitation_id", "responses", ["invitation_id"])


def downgrade() -> None:
    """Go back; codes for one sitting are closed first, because an older version would open them for many."""
    op.execute("UPDATE invitations SET revoked_at = created_at WHERE single AND revoked_at IS NULL")
    op.drop_index("ix_responses_invitation_id", table_name="responses")
    with op.batch_alter_table("invited_counts", schema=None) as batch_op:
        batch_op.drop_index("uq_invited_counts_invitation_id_span_start")
        batch_op.drop_constraint(op.f("fk_invited_counts_invitation_id_invitations"), type_="foreignkey")
        batch_op.drop_column("invitation_id")
        batch_op.drop_column("team")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index("ix_invitations_team_created_at")
        for column in ("sheet_id", "made_by", "language", "used_at", "single"):
            batch_op.drop_column(column)
