"""Seal the packs that were issued, so that words which are taken back can be taken out of them; let used codes go.

The database still refuses to change what was issued, except the key under which it lies: a new key of the installation
wraps it anew, and without any it can never be read again.
"""

import base64
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from hscb_voice.foundation.database import Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_REFUSAL = "an issued pack is never changed"
_KEPT = (
    "id",
    "style",
    "look",
    "period_name",
    "meeting",
    "replaces",
    "reason",
    "issued_by",
    "issued_at",
    "content_hash",
)
_CHANGEABLE = ("key_id", "wrapped_key")
_TO_CODES = "fk_invited_counts_invitation_id_invitations"


def upgrade() -> None:
    """Go forward; packs that were issued before are sealed, for which their keys must be here."""
    packs, files = _rows("issued_packs"), _rows("issued_files")
    keys = context.config.attributes.get("keys")
    if packs and keys is None:
        message = (
            "Packs have been issued here. Run “hscb-voice migrate”, which knows the keys, so that they can be sealed."
        )
        raise RuntimeError(message)
    _drop()
    _create(
        [
            sa.Column("key_id", sa.String(length=40), nullable=False),
            sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.Column("quoted", sa.LargeBinary(), nullable=False),
        ],
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    for pack in packs:
        seal, wrapped = keys.seal_for_new_row("issued_packs", pack["id"])
        row = {name: pack[name] for name in _KEPT} | {"key_id": wrapped.key_id, "wrapped_key": wrapped.wrapped}
        # Which comments stand in it was not written down then, so nothing can be taken out of it by itself.
        row |= {"sealed": seal.close(pack["content"], "sealed"), "quoted": seal.close("{}", "quoted")}
        op.get_bind().execute(_table("issued_packs").insert(), row)
        for file in (one for one in files if one["pack_id"] == pack["id"]):
            content = seal.close(base64.b64encode(file["content"]).decode(), f"file {file['form']}")
            line = {name: file[name] for name in ("pack_id", "form", "content_hash")}
            op.get_bind().execute(_table("issued_files").insert(), line | {"sealed": content})
    _keep_as_issued([column.name for column in _table("issued_packs").columns if column.name not in _CHANGEABLE])
    _let_codes_go()


def downgrade() -> None:
    """Go back; packs, which the older version kept in the clear, are lost here, and stay where they were handed out."""
    _hold_codes()
    _drop()
    _create([sa.Column("content", sa.Text(), nullable=False)], sa.Column("content", sa.LargeBinary(), nullable=False))
    _keep_as_issued([])


def _table(name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())


def _rows(name: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.select(_table(name))).mappings()]


def _drop() -> None:
    for table in ("issued_files", "issued_packs"):
        op.drop_table(table)  # and its triggers
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION issued_packs_refuse()")


def _create(of_pack: list[sa.Column[Any]], of_file: sa.Column[Any]) -> None:
    op.create_table(
        "issued_packs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("style", sa.String(length=10), nullable=False),
        sa.Column("look", sa.String(length=20), nullable=False),
        sa.Column("period_name", sa.String(length=12), nullable=False),
        sa.Column("meeting", sa.Date(), nullable=True),
        sa.Column("replaces", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("issued_by", sa.String(length=60), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        *of_pack,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_packs")),
    )
    op.create_index("ix_issued_packs_issued_at", "issued_packs", ["issued_at"])
    op.create_table(
        "issued_files",
        sa.Column("pack_id", sa.String(length=36), nullable=False),
        sa.Column("form", sa.String(length=5), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        of_file,
        sa.ForeignKeyConstraint(["pack_id"], ["issued_packs.id"], name=op.f("fk_issued_files_pack_id_issued_packs")),
        sa.PrimaryKeyConstraint("pack_id", "form", name=op.f("pk_issued_files")),
    )


def _keep_as_issued(columns: list[str]) -> None:
    """Let the database itself refuse to change these columns of a pack (all when empty), or to remove anything."""
    of_packs = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    changes = {"issued_packs": of_packs, "issued_files": "UPDATE"}
    if op.get_bind().dialect.name == "sqlite":
        for table, change in changes.items():
            for name, act in (("update", change), ("delete", "DELETE")):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION issued_packs_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    for table, change in changes.items():
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE {change} OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION issued_packs_refuse()"
        )


def _let_codes_go() -> None:
    """Let a count of invited people outlive its code: it names a code that may have gone, as an answer does."""
    with op.batch_alter_table("invited_counts") as batch:
        batch.drop_constraint(op.f(_TO_CODES), type_="foreignkey")


def _hold_codes() -> None:
    op.execute("UPDATE invited_counts SET invitation_id = NULL WHERE invitation_id NOT IN (SELECT id FROM invitations)")
    with op.batch_alter_table("invited_counts") as batch:
        batch.create_foreign_key(op.f(_TO_CODES), "invitations", ["invitation_id"], ["id"])
