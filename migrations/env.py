"""Runs the migrations on the database of the platform that asks (see `hscb_voice.foundation.migrating`)."""

from alembic import context

from hscb_voice.foundation.database import Base


def _run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run()
