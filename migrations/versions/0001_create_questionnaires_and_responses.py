"""Create questionnaires and responses."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("variant", sa.String(length=60), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("locality", sa.String(length=80), nullable=False),
        sa.Column("session_date", sa.Date(), nullable=True),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code", name=op.f("uq_invitations_code")),
    )
    op.create_table(
        "invited_counts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("span_start", sa.Date(), nullable=False),
        sa.Column("span_end", sa.Date(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invited_counts")),
    )
    with op.batch_alter_table("invited_counts", schema=None) as batch_op:
        batch_op.create_index("ix_invited_counts_slug_span_start", ["slug", "span_start"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.String(length=36), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", Moment(), nullable=True),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_due", ["due"], unique=False)
        batch_op.create_index("ix_jobs_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "questionnaire_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_versions")),
        sa.UniqueConstraint("slug", "number", name=op.f("uq_questionnaire_versions_slug_number")),
    )
    op.create_table(
        "tallies",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("span_start", sa.Date(), nullable=False),
        sa.Column("span_end", sa.Date(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("respondent", sa.String(length=20), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("age_band", sa.String(length=20), nullable=False),
        sa.Column("answered", sa.String(length=20), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "slug",
            "span_start",
            "span_end",
            "question",
            "row",
            "choice",
            "respondent",
            "service",
            "age_band",
            "answered",
            "invented",
            name=op.f("pk_tallies"),
        ),
    )
    op.create_table(
        "worker_beats",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("seen", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beats")),
    )
    op.create_table(
        "responses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("variant", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("respondent", sa.String(length=20), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("span_start", sa.Date(), nullable=False),
        sa.Column("span_end", sa.Date(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("invitation_id", sa.String(length=36), nullable=True),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("locality", sa.String(length=80), nullable=False),
        sa.Column("session_date", sa.Date(), nullable=True),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("may_quote", sa.Boolean(), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("receipt_turn", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_versions.id"], name=op.f("fk_responses_version_id_questionnaire_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_responses_receipt_hash")),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index("ix_responses_received_at", ["received_at"], unique=False)
        batch_op.create_index("ix_responses_slug_span_start", ["slug", "span_start"], unique=False)
        batch_op.create_index("ix_responses_team", ["team"], unique=False)

    op.create_table(
        "comments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_comments_response_id_responses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_response_id"), ["response_id"], unique=False)

    op.create_table(
        "second_answers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_second_answers_response_id_responses"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_answers")),
    )
    with op.batch_alter_table("second_answers", schema=None) as batch_op:
        batch_op.create_index("uq_second_answers_response_id_body_hash", ["response_id", "body_hash"], unique=True)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("second_answers", schema=None) as batch_op:
        batch_op.drop_index("uq_second_answers_response_id_body_hash")

    op.drop_table("second_answers")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comments_response_id"))

    op.drop_table("comments")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_index("ix_responses_team")
        batch_op.drop_index("ix_responses_slug_span_start")
        batch_op.drop_index("ix_responses_received_at")

    op.drop_table("responses")
    op.drop_table("worker_beats")
    op.drop_table("tallies")
    op.drop_table("questionnaire_versions")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_subject_id")
        batch_op.drop_index("ix_jobs_due")

    op.drop_table("jobs")
    with op.batch_alter_table("invited_counts", schema=None) as batch_op:
        batch_op.drop_index("ix_invited_counts_slug_span_start")

    op.drop_table("invited_counts")
    op.drop_table("invitations")
