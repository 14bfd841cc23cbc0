"""Settings, read once from the environment and checked at start. No other module reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.sign_on import SignOnSettings, sign_on_from

SURFACES = ("respondents", "staff")
_TRUE = {"1", "yes", "true", "on"}
_FALSE = {"", "0", "no", "false", "off"}
_LOGS = ("lines", "json")
_HIGHEST_PORT = 65535
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_MINIMUM_SECRET = 32


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another."""

    data_folder: Path
    database_url: str
    keys_folder: Path
    secret_key: str
    surfaces: frozenset[str]
    demonstration: bool
    public_address: str
    board_name: str
    mail_url: str
    mail_from: str
    trusted_proxies: int
    other_hosts: frozenset[str] = frozenset()
    logs: str = "lines"
    worker_memory: int = 512
    metrics_port: int = 0
    metrics_folder: Path = Path("metrics")
    backups_folder: Path | None = None
    key_values: str = field(default="", repr=False)
    erasure_ledger: Path = Path("erasures.ledger")
    privacy_contact: str = ""
    notify_key: str = ""
    notify_template: str = ""
    sign_on: SignOnSettings | None = None
    notify_url: str = "https://api.notifications.service.gov.uk"

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Return the host names by which the site may be asked: its own, others that were named, or this machine's."""
        own = urlsplit(self.public_address).hostname or ""
        return self.other_hosts | (_OWN_MACHINE if own in _OWN_MACHINE else {own})

    def opens_by_own_means(self, email: str) -> bool:
        """Tell whether an account may be opened by password or passkey: always, or only the emergency account's."""
        return self.sign_on is None or not self.sign_on.only or email == self.sign_on.emergency

    @property
    def uses_sqlite(self) -> bool:
        """Tell whether the embedded database is in use."""
        return self.database_url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Tell whether people reach the site by https, so that cookies may be marked Secure and __Host-."""
        return self.public_address.startswith("https://")

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read and check the settings.

        Args:
            env: names and values; the process's environment when left out.

        Returns:
            The settings, complete and checked.

        Raises:
            SettingError: a variable is missing or wrong; the message names it.
        """
        values = os.environ if env is None else env
        data_folder = Path(values.get("VOICE_DATA", "var")).resolve()
        demonstration = _switch(values, "VOICE_DEMONSTRATION")
        return cls(
            data_folder=data_folder,
            database_url=_database_url(values, data_folder),
            keys_folder=Path(values.get("VOICE_KEYS", str(data_folder / "keys"))).resolve(),
            secret_key=_secret_key(values, data_folder),
            surfaces=_surfaces(values),
            demonstration=demonstration,
            public_address=_address(values),
            board_name=values.get("VOICE_BOARD_NAME", "Herefordshire Safeguarding Children Board"),
            mail_url=values.get("VOICE_MAIL_URL", ""),
            mail_from=values.get("VOICE_MAIL_FROM", "voice@localhost"),
            notify_key=values.get("VOICE_NOTIFY_KEY", "").strip(),
            notify_template=values.get("VOICE_NOTIFY_TEMPLATE", "").strip(),
            notify_url=values.get("VOICE_NOTIFY_URL", cls.notify_url).strip(),
            trusted_proxies=_whole_number(values, "VOICE_TRUSTED_PROXIES", 0),
            other_hosts=_hosts(values),
            logs=_logs(values),
            worker_memory=_whole_number(values, "VOICE_WORKER_MEMORY", 512),
            metrics_port=_port(values, "VOICE_METRICS_PORT"),
            metrics_folder=Path(values.get("VOICE_METRICS_FOLDER", str(data_folder / "metrics"))).resolve(),
            backups_folder=Path(values["VOICE_BACKUPS"]).resolve() if values.get("VOICE_BACKUPS") else None,
            key_values=values.get("VOICE_KEY_VALUES", "").strip(),
            erasure_ledger=_erasure_ledger(values, data_folder),
            privacy_contact=values.get("VOICE_PRIVACY_CONTACT", "").strip(),
            sign_on=sign_on_from(values),
        )


@dataclass(frozen=True)
class KeptOutside:
    """What lies outside the database: all that is needed to bring a backup back where nothing else stands yet."""

    keys_folder: Path
    key_values: str = field(repr=False)
    erasure_ledger: Path

    @classmethod
    def from_env(cls, data: Path | None, env: Mapping[str, str] | None = None) -> "KeptOutside":
        """Read where the keys and the ledger lie.

        Args:
            data: the data folder that a command was given; None for the environment's.
            env: names and values; the process's environment when left out.
        """
        values = os.environ if env is None else env
        folder = Path(data or values.get("VOICE_DATA", "var")).resolve()
        return cls(
            keys_folder=Path(values.get("VOICE_KEYS", str(folder / "keys"))).resolve(),
            key_values=values.get("VOICE_KEY_VALUES", "").strip(),
            erasure_ledger=_erasure_ledger(values, folder),
        )


def database_address(place: str) -> str:
    """Return a database's address as the engine takes it.

    Args:
        place: such as postgresql://voice@localhost/voice.

    Raises:
        SettingError: it is no such address.
    """
    return _database_url({"VOICE_DATABASE_URL": place}, Path())


def _erasure_ledger(values: Mapping[str, str], data_folder: Path) -> Path:
    """It lies with the backups where there are any: whoever restores one needs it beside them."""
    beside = Path(values.get("VOICE_BACKUPS") or data_folder)
    return Path(values.get("VOICE_ERASURE_LEDGER") or beside / "erasures.ledger").resolve()


def _switch(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "").strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    message = f"{name} must be yes or no, not “{text}”."
    raise SettingError(message)


def _whole_number(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal():
        message = f"{name} must be a whole number, not “{text}”."
        raise SettingError(message)
    return int(text)


def _port(values: Mapping[str, str], name: str) -> int:
    port = _whole_number(values, name, 0)
    if port > _HIGHEST_PORT:
        message = f"{name} must be a port up to {_HIGHEST_PORT}, or 0 for none, not “{port}”."
        raise SettingError(message)
    return port


def _hosts(values: Mapping[str, str]) -> frozenset[str]:
    names = frozenset(n.strip().lower() for n in values.get("VOICE_OTHER_HOSTS", "").split(",") if n.strip())
    if any("/" in name or ":" in name.strip("[]").replace("::", "") for name in names):
        message = "VOICE_OTHER_HOSTS must be host names with a comma between, without https:// and without a port."
        raise SettingError(message)
    return frozenset(name.strip("[]") for name in names)


def _logs(values: Mapping[str, str]) -> str:
    usual = "json" if values.get("VOICE_PUBLIC_ADDRESS", "").strip().startswith("https://") else "lines"
    logs = values.get("VOICE_LOGS", "").strip().lower() or usual
    if logs not in _LOGS:
        message = f"VOICE_LOGS must be “lines” or “json”, not “{logs}”."
        raise SettingError(message)
    return logs


def _database_url(values: Mapping[str, str], data_folder: Path) -> str:
    url = values.get("VOICE_DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{data_folder / 'voice.db'}"
    if url.startswith("sqlite:///"):
        return url
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return _parsed("postgresql+psycopg://" + url[len(prefix) :])
    message = "VOICE_DATABASE_URL must begin with postgresql:// or sqlite:///."
    raise SettingError(message)


def _parsed(url: str) -> str:
    try:
        make_url(url)
    except (ValueError, ArgumentError):
        message = "VOICE_DATABASE_URL is not an address such as postgresql://voice@localhost:5432/voice."
        raise SettingError(message) from None  # the fault's own words could repeat a password
    return url


def _secret_key(values: Mapping[str, str], data_folder: Path) -> str:
    """Take the secret from the environment, else from the file that `hscb-voice migrate` or `demo` wrote."""
    secret = values.get("VOICE_SECRET_KEY", "").strip()
    kept = data_folder / "secret-key"
    if not secret and kept.is_file():
        secret = kept.read_text(encoding="ascii").strip()
    if len(secret) < _MINIMUM_SECRET:
        message = (
            f"VOICE_SECRET_KEY must hold at least {_MINIMUM_SECRET} characters. "
            "Run “hscb-voice migrate” once to have one made in the data folder."
        )
        raise SettingError(message)
    return secret


def _surfaces(values: Mapping[str, str]) -> frozenset[str]:
    names = frozenset(n.strip() for n in values.get("VOICE_SURFACES", ",".join(SURFACES)).split(",") if n.strip())
    if not names or not names <= set(SURFACES):
        message = "VOICE_SURFACES must be “respondents”, “staff” or both with a comma between."
        raise SettingError(message)
    return names


def _address(values: Mapping[str, str]) -> str:
    address = values.get("VOICE_PUBLIC_ADDRESS", "http://127.0.0.1:8000").strip().rstrip("/")
    try:
        parts = urlsplit(address)
        is_full = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_full = False
    if not is_full:
        message = "VOICE_PUBLIC_ADDRESS must be a full address such as https://voice.example.gov.uk."
        raise SettingError(message)
    return address
