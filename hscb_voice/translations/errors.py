"""What can be wrong with a catalogue."""

from hscb_voice.foundation.errors import VoiceError


class CatalogueError(VoiceError):
    """A catalogue cannot be read, or there is no such language; the message says what to do."""
