"""The bytes that a database keeps on disk, to look for what should not be there."""

from pathlib import Path

from sqlalchemy import text

from hscb_voice.foundation.database import Database
from tests.support.engines import PostgresqlCluster


def bytes_on_disk(database: Database, cluster: PostgresqlCluster | None, *, with_log: bool = True) -> bytes:
    """Return everything that the database's own files hold.

    Args:
        database: which.
        cluster: the server, for PostgreSQL.
        with_log: with the write-ahead log; PostgreSQL's is that of the whole server.

    Returns:
        The bytes of all files, one after the other.
    """
    if database.is_sqlite:
        file = Path(str(database.engine.url.database))
        return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))
    assert cluster is not None
    with database.reading() as connection:
        number = connection.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    cluster.write_to_disk()
    folders = [cluster.data / "base" / str(number), *([cluster.data / "pg_wal"] if with_log else [])]
    return b"".join(file.read_bytes() for folder in folders for file in sorted(folder.rglob("*")) if file.is_file())
