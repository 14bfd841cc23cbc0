"""Two doors for those who watch the machines: is the process alive, and can it keep an answer now?

They say nothing about anybody's answers, not even how many there are.
"""

from flask import Blueprint, Response, jsonify, request

from hscb_voice.foundation.errors import DatabaseUnreachableError
from hscb_voice.foundation.jobs import WORKER_IS_STALE, jobs_waiting
from hscb_voice.web.current import platform

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """Answer without asking the database."""
    return jsonify(alive=True)


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Answer whether the database is there, and whether a worker has been seen within two minutes.

    A stale worker is told and is no 503: this process still takes answers, and nobody must stop sending them here.

    It also tells the asker through how many web servers their own request came, so that `hscb-voice check` can compare.
    """
    try:
        with platform().database.reading() as connection:
            last = jobs_waiting(connection).last_beat
    except DatabaseUnreachableError:
        return jsonify(database=False), 503
    worker = "never seen"
    if last is not None:
        worker = "stale" if platform().clock.now() - last > WORKER_IS_STALE else "seen"
    hops = request.headers.get("X-Forwarded-For", "").count(",") + ("X-Forwarded-For" in request.headers)
    return jsonify(database=True, worker=worker, forwarded=hops), 200
