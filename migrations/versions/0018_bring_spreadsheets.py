"""Create uploads of spreadsheets, and what became of their rows."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment
from hscb_voice.foundation.fence import fencing_of, unfencing_of

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("form_code", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ready", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("brought_at", Moment(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_person_id_brought_at", "uploads", ["person_id", "brought_at"])
    op.create_table(
        "uploaded_rows",
        sa.Column("upload_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_uploaded_rows_upload_id_uploads"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_uploaded_rows")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in fencing_of("uploads", "team") + fencing_of("uploaded_rows", "upload_id", "uploads"):
            op.execute(statement)


def downgrade() -> None:
    """Go back. What was brought in stays; a file that waits for a yes must be brought again."""
    op.execute("DELETE FROM jobs WHERE kind LIKE 'uploads.%'")
    if op.get_bind().dialect.name == "postgresql":
        for statement in unfencing_of("uploaded_rows") + unfencing_of("uploads"):
            op.execute(statement)
    op.drop_table("uploaded_rows")
    op.drop_table("uploads")
