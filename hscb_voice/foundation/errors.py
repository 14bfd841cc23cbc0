"""The one family of expected errors, so that a door (page or command) can tell them from faults."""


class VoiceError(Exception):
    """An expected error whose message is written for the person who will read it."""


class SettingError(VoiceError):
    """A setting is missing or wrong; the message names the variable."""


class KeyMissingError(VoiceError):
    """The key that sealed a text is not here, or is not the right one: nothing may be stored or shown."""


class DatabaseUnreachableError(VoiceError):
    """The database did not answer in time."""
