"""Who sends letters here, by the settings."""

from urllib.parse import urlsplit

from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.letter_folder import SCHEME, LetterFolder
from hscb_voice.foundation.mail import LetterSender, Mailer
from hscb_voice.foundation.settings import Settings


def sender_for(settings: Settings) -> LetterSender:
    """Return who sends letters here: GOV.UK Notify when its key is set, else the council's mail server or a folder.

    Args:
        settings: of the installation.

    Raises:
        SettingError: what is set for Notify is incomplete or wrong, or letters would lie in a folder unread.
    """
    if not settings.notify_key:
        if urlsplit(settings.mail_url).scheme == SCHEME:
            if not settings.demonstration:
                message = "VOICE_MAIL_URL names a folder, where letters reach nobody. Only a demonstration may."
                raise SettingError(message)
            return LetterFolder(settings.mail_url, settings.mail_from)
        return Mailer(settings.mail_url, settings.mail_from)
    if not settings.notify_template:
        message = "VOICE_NOTIFY_KEY needs VOICE_NOTIFY_TEMPLATE beside it: the id of a template at GOV.UK Notify."
        raise SettingError(message)
    parts = urlsplit(settings.notify_url)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        message = "VOICE_NOTIFY_URL must begin with https://."
        raise SettingError(message)
    from hscb_voice.foundation.notify import NotifyMailer  # noqa: PLC0415 - heavy; only where it is set up

    return NotifyMailer(settings.notify_url, settings.notify_key, settings.notify_template)
