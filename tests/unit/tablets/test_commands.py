"""The command `tablets`, as an administrator types it when a tablet has been lost and nobody can sign in."""

from collections.abc import Callable

import pytest

from hscb_voice import cli
from hscb_voice.foundation.platform import Platform
from hscb_voice.installing import prepare_installation
from hscb_voice.tablets.queries import tablet_by_id
from tests.support.tablets import add

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """An installation of its own."""
    for name in ("VOICE_DATABASE_URL", "VOICE_SECRET_KEY", "VOICE_KEYS", "VOICE_KEY_VALUES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VOICE_DATA", str(tmp_path_factory.mktemp("home")))
    return prepare_installation(None)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command and return its code and what it said on both channels."""

    def _say(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return _say


def test_tablets_are_listed_and_switched_off(say: Say, home: Platform) -> None:
    assert "There is no tablet yet" in say("tablets", "list")[1]
    tablet_id = add(home, slugs=["my-story"]).tablet_id
    code, out, err = say("tablets", "list")
    assert (code, err) == (0, "")
    assert f"{tablet_id}  Blue tablet (North team): Waits for its code\n" in out
    assert "last heard: Not yet; answers waiting: None" in out
    code, out, err = say("tablets", "revoke", tablet_id)
    assert (code, err) == (0, "")
    assert "Blue tablet has been switched off." in out
    with home.database.reading() as connection:
        assert tablet_by_id(connection, None, tablet_id).revoked_by == "platform"
    assert "was switched off before" in say("tablets", "revoke", tablet_id)[1]


def test_a_tablet_that_is_not_there_is_said_so(say: Say, home: Platform) -> None:
    assert home
    code, _, err = say("tablets", "revoke", "nobody")
    assert (code, "There is no such tablet" in err) == (1, True)
