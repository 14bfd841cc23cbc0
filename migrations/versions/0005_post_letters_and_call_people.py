"""Create letters, duties and calendars."""

import sqlalchemy as sa
from alembic import op

from hscb_voice.foundation.database import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "letters",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("posted_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("key_id", sa.String(length=40), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index("ix_letters_about", ["about"], unique=False)

    _create_duties()
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calling_since", Moment(), nullable=True))
        batch_op.add_column(sa.Column("holder", sa.String(length=36), nullable=True))
    op.execute("UPDATE concerns SET calling_since = raised_at, holder = substr(acknowledged_by, 1, 36)")
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.alter_column("calling_since", existing_type=Moment(), nullable=False)
    with op.batch_alter_table("concern_notes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told", sa.String(length=400), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("letter_id", sa.String(length=36), nullable=True))
    with op.batch_alter_table("concern_notes", schema=None) as batch_op:
        batch_op.alter_column("told", existing_type=sa.String(length=400), server_default=None)


def _create_duties() -> None:
    people = [sa.Column(name, sa.String(length=36), nullable=True) for name in ("first_id", "second_id", "lead_id")]
    op.create_table(
        "duties",
        sa.Column("service", sa.String(length=80), nullable=False),
        *people,
        sa.Column("out_of_hours", sa.String(length=254), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("opens", sa.String(length=5), nullable=False),
        sa.Column("closes", sa.String(length=5), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [one.name], ["accounts.id"], name=op.f(f"fk_duties_{one.name}_accounts"), ondelete="SET NULL"
            )
            for one in people
        ),
        sa.PrimaryKeyConstraint("service", name=op.f("pk_duties")),
    )
    op.create_table(
        "closing_days",
        sa.Column("service", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service"], ["duties.service"], name=op.f("fk_closing_days_service_duties"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service", "day", name=op.f("pk_closing_days")),
    )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("concern_notes", schema=None) as batch_op:
        batch_op.drop_column("letter_id")
        batch_op.drop_column("told")
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.drop_column("holder")
        batch_op.drop_column("calling_since")
    op.drop_table("closing_days")
    op.drop_table("duties")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index("ix_letters_about")

    op.drop_table("letters")
