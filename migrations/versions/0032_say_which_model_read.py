"""Say by which learned model a comment was read, pin a run to one, and keep by which codebook somebody coded blind."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. What was read before is given the model that was in use then, as far as that is still known."""
    op.add_column("codings", sa.Column("learned", sa.Integer(), nullable=True))
    op.add_column("codebook_runs", sa.Column("learned", sa.Integer(), nullable=True))
    op.add_column("codebook_runs", sa.Column("learned_digest", sa.String(length=64), nullable=True))
    op.add_column("codebook_runs", sa.Column("learned_off", sa.JSON(), nullable=True))
    op.add_column("blind_codings", sa.Column("second_codebook", sa.String(length=60), nullable=True))
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject"])
    op.create_index("ix_codings_comment_id", "codings", ["comment_id"])
    op.drop_index("ix_codings_comment_id_in_force", table_name="codings")
    machines = "source IN ('machine', 'standby') AND codebook <> '' AND polarity <> 'unread'"
    if op.get_bind().execute(sa.text("SELECT min(number) FROM learned_models")).scalar() is not None:
        # Of models only the last ten were kept: what was read before the oldest of them may have been read by one
        # that is gone.
        op.execute(
            "UPDATE codings SET learned = coalesce("  # noqa: S608 - our own constants
            "(SELECT max(number) FROM learned_models WHERE made_at <= codings.made_at), "
            f"(SELECT nullif(min(number) - 1, 0) FROM learned_models)) WHERE {machines}"
        )
    _pin_runs_that_go_on()
    # Who coded blind did so by the version in force at that moment.
    op.execute(
        "UPDATE blind_codings SET second_codebook = CAST(coalesce("
        "(SELECT came FROM codebook_switches WHERE switched_at <= blind_codings.coded_at ORDER BY turn DESC LIMIT 1), "
        "(SELECT went FROM codebook_switches ORDER BY turn LIMIT 1), "
        "(SELECT in_force FROM codebook_state)) AS VARCHAR(60)) WHERE second_coder IS NOT NULL"
    )


def _pin_runs_that_go_on() -> None:
    """Pin what goes on or waits for a switch to the newest model: by it the parts before were read."""
    connection = op.get_bind()
    models = sa.table("learned_models", sa.column("number"), sa.column("digest"))
    newest = connection.execute(sa.select(models.c.number, models.c.digest).order_by(models.c.number.desc())).first()
    if newest is None:
        return
    off = connection.execute(sa.text("SELECT theme FROM learned_switches ORDER BY theme")).scalars().all()
    columns = (sa.column("learned"), sa.column("learned_digest"), sa.column("learned_off", sa.JSON()))
    runs = sa.table("codebook_runs", sa.column("state"), *columns)
    pinned = {"learned": newest.number, "learned_digest": newest.digest, "learned_off": list(off)}
    connection.execute(sa.update(runs).where(runs.c.state.in_(("running", "paused", "finished"))).values(pinned))


def downgrade() -> None:
    """Go back."""
    op.create_index("ix_codings_comment_id_in_force", "codings", ["comment_id", "in_force"])
    op.drop_index("ix_codings_comment_id", table_name="codings")
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_column("blind_codings", "second_codebook")
    for column in ("learned_off", "learned_digest", "learned"):
        op.drop_column("codebook_runs", column)
    op.drop_column("codings", "learned")
