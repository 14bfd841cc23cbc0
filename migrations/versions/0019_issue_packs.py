"""Create packs, which the database itself keeps as they were issued."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_REFUSAL = "an issued pack is never changed"
_TABLES = ("issued_packs", "issued_files")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "pack_orders",
        *_what_was_ordered(),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_orders")),
    )
    op.create_table(
        "issued_packs",
        *_what_was_ordered(),
        sa.Column("issued_by", sa.String(length=60), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_packs")),
    )
    op.create_index("ix_issued_packs_issued_at", "issued_packs", ["issued_at"])
    op.create_table(
        "issued_files",
        sa.Column("pack_id", sa.String(length=36), nullable=False),
        sa.Column("form", sa.String(length=5), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["issued_packs.id"], name=op.f("fk_issued_files_pack_id_issued_packs")),
        sa.PrimaryKeyConstraint("pack_id", "form", name=op.f("pk_issued_files")),
    )
    _keep_as_issued()


def downgrade() -> None:
    """Go back; issued packs are lost here, and stay wherever they were handed out."""
    op.execute("DELETE FROM jobs WHERE kind = 'packs.issue'")
    for table in ("issued_files", "issued_packs", "pack_orders"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION issued_packs_refuse()")


def _what_was_ordered() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("style", sa.String(length=10), nullable=False),
        sa.Column("look", sa.String(length=20), nullable=False),
        sa.Column("period_name", sa.String(length=12), nullable=False),
        sa.Column("meeting", sa.Date(), nullable=True),
        sa.Column("replaces", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
    ]


def _keep_as_issued() -> None:
    """Let the database itself refuse to change or remove what was issued, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for table in _TABLES:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION issued_packs_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION issued_packs_refuse()"
        )
