"""Reads where leaving leads. It reaches no room of staff, because respondents' pages ask it."""

from sqlalchemy import Connection, select

from hscb_voice.leaving.models import ExitAddress


def every_exit(connection: Connection) -> dict[str, str]:
    """Return the addresses that have been set, by service; the one for every other service stands under "".

    Args:
        connection: a reading connection.
    """
    rows = connection.execute(select(ExitAddress.service, ExitAddress.address).order_by(ExitAddress.service))
    return {row.service: row.address for row in rows}
