"""Settings of single sign-on: the council's own sign-in service, by OpenID Connect. Read once, checked at start.

Which group is which role is checked by the staff room, which knows the roles; here it is only text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hscb_voice.foundation.errors import SettingError

# Who asks for the second factor: we, unless the service's token says that it did; the service always; we always.
BY_TOKEN, BY_SERVICE, BY_US = "token", "service", "ours"
_SECOND_FACTORS = (BY_TOKEN, BY_SERVICE, BY_US)
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_YES, _NO = {"1", "yes", "true", "on"}, {"", "0", "no", "false", "off"}


@dataclass(frozen=True)
class SignOnSettings:
    """How the council's sign-in service is reached, and what it decides."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    roles: str  # one group a line: “Group = role”, “Group = role @ Team” or “Group = @ Team”
    group_claim: str = "groups"
    name: str = "your work account"  # on the button: “Sign in with …”
    second_factor: str = BY_TOKEN
    only: bool = False  # passwords and passkeys open nothing but the emergency account
    emergency: str = ""  # that account's email address


def sign_on_from(values: Mapping[str, str]) -> SignOnSettings | None:
    """Read and check the settings of single sign-on.

    Args:
        values: the environment's names and values.

    Returns:
        The settings; None when no service is named.

    Raises:
        SettingError: a variable is missing or wrong; the message names it.
    """
    issuer = values.get("VOICE_OIDC_ISSUER", "").strip()
    only = _switch(values, "VOICE_OIDC_ONLY")
    if not issuer:
        if only:
            message = "VOICE_OIDC_ONLY needs VOICE_OIDC_ISSUER: otherwise nobody could sign in."
            raise SettingError(message)
        return None
    check_address("VOICE_OIDC_ISSUER", issuer)
    read = SignOnSettings(
        issuer=issuer,
        client_id=_needed(values, "VOICE_OIDC_CLIENT_ID"),
        client_secret=_needed(values, "VOICE_OIDC_CLIENT_SECRET"),
        roles=_roles(values),
        group_claim=values.get("VOICE_OIDC_GROUP_CLAIM", "").strip() or SignOnSettings.group_claim,
        name=values.get("VOICE_OIDC_NAME", "").strip() or SignOnSettings.name,
        second_factor=values.get("VOICE_OIDC_SECOND_FACTOR", "").strip() or SignOnSettings.second_factor,
        only=only,
        emergency=values.get("VOICE_OIDC_EMERGENCY", "").strip().lower(),
    )
    if read.second_factor not in _SECOND_FACTORS:
        message = f"VOICE_OIDC_SECOND_FACTOR must be one of {', '.join(_SECOND_FACTORS)}."
        raise SettingError(message)
    if read.only and not read.emergency:
        message = "VOICE_OIDC_ONLY needs VOICE_OIDC_EMERGENCY: the address of the one account that opens by password."
        raise SettingError(message)
    return read


def check_address(name: str, address: str) -> None:
    """Refuse an address over which secrets would travel open.

    Args:
        name: what it is, for the message.
        address: must be https; on this machine itself http will do.

    Raises:
        SettingError: it is no such address.
    """
    try:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _OWN_MACHINE)
        is_full = is_safe and bool(parts.hostname) and not parts.username and not parts.fragment
    except ValueError:
        is_full = False
    if not is_full:
        message = f"{name} must be a full https address."
        raise SettingError(message)


def _needed(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "").strip()
    if not value:
        message = f"VOICE_OIDC_ISSUER is set, so {name} is needed too."
        raise SettingError(message)
    return value


def _roles(values: Mapping[str, str]) -> str:
    """Take the groups from the setting, with “;” between them, or from a file, one a line."""
    place = values.get("VOICE_OIDC_ROLES_FILE", "").strip()
    if not place:
        return _needed(values, "VOICE_OIDC_ROLES").replace(";", "\n")
    try:
        return Path(place).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        message = f"VOICE_OIDC_ROLES_FILE cannot be read: {place}."
        raise SettingError(message) from fault


def _switch(values: Mapping[str, str], name: str) -> bool:
    text = values.get(name, "").strip().lower()
    if text not in _YES | _NO:
        message = f"{name} must be yes or no, not “{text}”."
        raise SettingError(message)
    return text in _YES
