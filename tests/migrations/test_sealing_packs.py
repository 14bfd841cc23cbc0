"""Packs that an earlier version kept in the clear are sealed by the migration, and can be read as they were issued."""

import hashlib

import pytest
from sqlalchemy import MetaData, Table, insert

from hscb_voice.foundation.migrating import migrate
from hscb_voice.foundation.platform import Platform
from hscb_voice.packs.document import Document, Paragraph, Section, as_text, content_hash
from hscb_voice.packs.keeping import file_of, quoted_in
from hscb_voice.packs.models import IssuedFile, IssuedPack
from hscb_voice.packs.queries import pack_by_id

BEFORE = "0025"
OLD = Document(
    style="meeting",
    title="What children and families say",
    board="the Board",
    period="April 2025 to March 2026",
    period_name="2025-26",
    facts=(),
    sections=(Section("In short", (Paragraph("Eight answered."),)),),
)


def _issued_before(platform: Platform) -> None:
    migrate(platform.database, BEFORE)
    text = as_text(OLD)
    with platform.database.writing() as connection:
        packs, files = (Table(name, MetaData(), autoload_with=connection) for name in ("issued_packs", "issued_files"))
        row: dict[str, object] = {"id": "old", "style": "meeting", "look": "", "period_name": "2025-26", "reason": ""}
        row |= {
            "issued_by": "a",
            "issued_at": platform.clock.now(),
            "content": text,
            "content_hash": content_hash(text),
        }
        connection.execute(insert(packs), row)
        digest = hashlib.sha256(b"a file").hexdigest()
        connection.execute(
            insert(files), {"pack_id": "old", "form": "csv", "content": b"a file", "content_hash": digest}
        )


def test_a_pack_of_an_earlier_version_is_sealed_and_reads_as_it_did(platform: Platform) -> None:
    _issued_before(platform)
    migrate(platform.database, keys=platform.keys)
    with platform.database.reading() as connection:
        line, document = pack_by_id(connection, platform.keys, "old")
        assert (line.issued_by, document) == ("a", OLD)
        assert file_of(connection, platform.keys, "old", "csv") == b"a file"
        assert quoted_in(connection, platform.keys, "old") == {}
        kept = [*connection.execute(IssuedPack.__table__.select()), *connection.execute(IssuedFile.__table__.select())]
        assert not any(b"Eight answered" in value for row in kept for value in row if isinstance(value, bytes))


def test_without_keys_nothing_of_it_is_touched(platform: Platform) -> None:
    _issued_before(platform)
    with pytest.raises(RuntimeError, match="keys"):
        migrate(platform.database)
    migrate(platform.database, keys=platform.keys)
    with platform.database.reading() as connection:
        assert pack_by_id(connection, platform.keys, "old")[1] == OLD
