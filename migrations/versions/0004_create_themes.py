"""Create themes."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "codings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("comment_id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("coder", sa.String(length=120), nullable=False),
        sa.Column("codebook", sa.String(length=60), nullable=False),
        sa.Column("polarity", sa.String(length=10), nullable=False),
        sa.Column("redactions", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_codings_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_codings_response_id_responses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codings")),
    )
    with op.batch_alter_table("codings", schema=None) as batch_op:
        batch_op.create_index("ix_codings_comment_id_in_force", ["comment_id", "in_force"], unique=False)
        batch_op.create_index(batch_op.f("ix_codings_response_id"), ["response_id"], unique=False)

    op.create_table(
        "quotes",
        sa.Column("comment_id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("redactions", sa.JSON(), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_quotes_comment_id_comments"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_quotes_response_id_responses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_quotes")),
    )
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quotes_response_id"), ["response_id"], unique=False)

    op.create_table(
        "coded_themes",
        sa.Column("coding_id", sa.String(length=36), nullable=False),
        sa.Column("theme", sa.String(length=40), nullable=False),
        sa.Column("polarity", sa.String(length=10), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["coding_id"], ["codings.id"], name=op.f("fk_coded_themes_coding_id_codings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coding_id", "theme", name=op.f("pk_coded_themes")),
    )
    with op.batch_alter_table("coded_themes", schema=None) as batch_op:
        batch_op.create_index("ix_coded_themes_theme", ["theme"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("coded_themes", schema=None) as batch_op:
        batch_op.drop_index("ix_coded_themes_theme")

    op.drop_table("coded_themes")
    with op.batch_alter_table("quotes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quotes_response_id"))

    op.drop_table("quotes")
    with op.batch_alter_table("codings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_codings_response_id"))
        batch_op.drop_index("ix_codings_comment_id_in_force")

    op.drop_table("codings")
