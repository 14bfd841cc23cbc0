"""Why an address may not be where leaving leads."""

from hscb_voice.foundation.errors import VoiceError


class UnfitAddressError(VoiceError):
    """The address would not lead away, or would give somebody away."""
