"""Settings are checked at start, and each mistake names its variable."""

from pathlib import Path

import pytest

from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.settings import Settings

SECRET = "a secret for tests that is long enough"


def _settings(tmp_path: Path, **env: str) -> Settings:
    return Settings.from_env({"VOICE_DATA": str(tmp_path), "VOICE_SECRET_KEY": SECRET, **env})


def test_little_needs_to_be_said(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    assert settings.uses_sqlite
    assert settings.database_url == f"sqlite:///{tmp_path / 'voice.db'}"
    assert settings.keys_folder == tmp_path / "keys"
    assert settings.surfaces == {"respondents", "staff"}
    assert (settings.demonstration, settings.secure, settings.trusted_proxies) == (False, False, 0)
    assert settings.board_name == "Herefordshire Safeguarding Children Board"


@pytest.mark.parametrize(
    "given",
    ["postgresql://u:p@h/db", "postgres://u:p@h/db", "postgresql+psycopg://u:p@h/db"],
)
def test_postgresql_is_one_setting(tmp_path: Path, given: str) -> None:
    settings = _settings(tmp_path, VOICE_DATABASE_URL=given)
    assert settings.database_url == "postgresql+psycopg://u:p@h/db"
    assert not settings.uses_sqlite


def test_everything_can_be_said(tmp_path: Path) -> None:
    settings = _settings(
        tmp_path,
        VOICE_DATABASE_URL="sqlite:///other.db",
        VOICE_KEYS=str(tmp_path / "elsewhere"),
        VOICE_SURFACES=" respondents ,",
        VOICE_DEMONSTRATION="Yes",
        VOICE_PUBLIC_ADDRESS="https://voice.example.gov.uk/",
        VOICE_BOARD_NAME="Another Board",
        VOICE_MAIL_URL="smtp://mail:25",
        VOICE_MAIL_FROM="voice@example.org",
        VOICE_TRUSTED_PROXIES="2",
    )
    assert settings.surfaces == {"respondents"}
    assert (settings.demonstration, settings.secure, settings.trusted_proxies) == (True, True, 2)
    assert settings.public_address == "https://voice.example.gov.uk"
    assert (settings.keys_folder, settings.board_name) == (tmp_path / "elsewhere", "Another Board")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VOICE_DATABASE_URL", "mysql://h/db"),
        ("VOICE_DATABASE_URL", "/var/lib/voice.db"),
        ("VOICE_SECRET_KEY", "short"),
        ("VOICE_SURFACES", "staff,children"),
        ("VOICE_SURFACES", ","),
        ("VOICE_DEMONSTRATION", "maybe"),
        ("VOICE_TRUSTED_PROXIES", "many"),
        ("VOICE_TRUSTED_PROXIES", "-1"),
        ("VOICE_PUBLIC_ADDRESS", "voice.example.gov.uk"),
        ("VOICE_PUBLIC_ADDRESS", "ftp://voice.example.gov.uk"),
        ("VOICE_PUBLIC_ADDRESS", "https://"),
        ("VOICE_PUBLIC_ADDRESS", "http://[voice"),
        ("VOICE_DATABASE_URL", "postgresql://voice@localhost:port/voice"),
    ],
)
def test_a_mistake_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        _settings(tmp_path, **{name: value})


def test_a_secret_is_never_repeated_in_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as refusal:
        _settings(tmp_path, VOICE_SECRET_KEY="hunter2")
    assert "hunter2" not in str(refusal.value)


def test_the_secret_can_lie_in_the_data_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="VOICE_SECRET_KEY"):
        _settings(tmp_path, VOICE_SECRET_KEY="")
    (tmp_path / "secret-key").write_text(SECRET + "\n")
    assert _settings(tmp_path, VOICE_SECRET_KEY="").secret_key == SECRET


def test_the_processs_own_environment_is_read_when_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_DATA", str(tmp_path))
    monkeypatch.setenv("VOICE_SECRET_KEY", SECRET)
    assert Settings.from_env().data_folder == tmp_path
