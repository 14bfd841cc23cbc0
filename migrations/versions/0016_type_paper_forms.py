"""Create piles of paper forms and what was typed of them."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment
from hscb_voice.foundation.fence import fencing_of, unfencing_of

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "paper_piles",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("form_code", sa.String(length=30), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("team", sa.String(length=80), nullable=False),
        sa.Column("locality", sa.String(length=80), nullable=False),
        sa.Column("span_start", sa.Date(), nullable=False),
        sa.Column("span_end", sa.Date(), nullable=False),
        sa.Column("session_date", sa.Date(), nullable=True),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("moves_on", sa.Boolean(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_piles")),
    )
    op.create_index("ix_paper_piles_person_id_opened_at", "paper_piles", ["person_id", "opened_at"])
    op.create_table(
        "typed_forms",
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("pile_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("typed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_typed_forms_response_id_responses"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pile_id"], ["paper_piles.id"], name=op.f("fk_typed_forms_pile_id_paper_piles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_typed_forms")),
    )
    op.create_index("ix_typed_forms_pile_id_typed_at", "typed_forms", ["pile_id", "typed_at"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in fencing_of("paper_piles", "team") + fencing_of("typed_forms", "response_id", "responses"):
            op.execute(statement)


def downgrade() -> None:
    """Go back; the responses stay, and nobody can tell any more which of them were typed in which pile."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in unfencing_of("typed_forms") + unfencing_of("paper_piles"):
            op.execute(statement)
    op.drop_table("typed_forms")
    op.drop_table("paper_piles")
