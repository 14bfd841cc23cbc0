"""Create versions of the codebook and runs over all comments."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. Until people publish a version, the program's own is in force and no row is needed."""
    _create_versions()
    _create_runs()


def downgrade() -> None:
    """Go back; codes and counts that stand by go with what they belong to."""
    op.execute("DELETE FROM coded_themes WHERE coding_id IN (SELECT id FROM codings WHERE source = 'standby')")
    op.execute("DELETE FROM codings WHERE source = 'standby'")
    op.execute("DELETE FROM tallies WHERE question LIKE 'standby:%'")
    op.execute("DELETE FROM jobs WHERE kind = 'themes.rerun'")
    op.drop_index("ix_codebook_run_parts_run_id", table_name="codebook_run_parts")
    for table in ("codebook_run_parts", "codebook_runs", "codebook_switches", "codebook_state", "codebook_drafts"):
        op.drop_table(table)
    op.drop_table("codebook_versions")


def _create_versions() -> None:
    op.create_table(
        "codebook_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(length=60), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_codebook_versions")),
    )
    op.create_table(
        "codebook_drafts",
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.Column("did", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("turn", name=op.f("pk_codebook_drafts")),
    )
    op.create_table(
        "codebook_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("in_force", sa.Integer(), nullable=False),
        sa.Column("standing_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_state")),
    )
    op.execute("INSERT INTO codebook_state (id, in_force, standing_by) VALUES (1, 1, NULL)")
    op.create_table(
        "codebook_switches",
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("came", sa.Integer(), nullable=False),
        sa.Column("went", sa.Integer(), nullable=False),
        sa.Column("is_undo", sa.Boolean(), nullable=False),
        sa.Column("switched_by", sa.String(length=60), nullable=False),
        sa.Column("switched_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("turn", name=op.f("pk_codebook_switches")),
    )


def _create_runs() -> None:
    op.create_table(
        "codebook_runs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_by", sa.String(length=60), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_runs")),
    )
    op.create_table(
        "codebook_run_parts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("run_id", sa.String(length=36), nullable=False),
        sa.Column("first_id", sa.String(length=36), nullable=False),
        sa.Column("before_id", sa.String(length=36), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["codebook_runs.id"],
            name=op.f("fk_codebook_run_parts_run_id_codebook_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_run_parts")),
    )
    op.create_index("ix_codebook_run_parts_run_id", "codebook_run_parts", ["run_id"])
