"""What can go wrong with keys, backups and bringing them back. Each message says what to do."""

from hscb_voice.foundation.errors import VoiceError


class KeysNotTurnedError(VoiceError):
    """Rows are left under an older key."""


class BackupError(VoiceError):
    """A backup could not be made."""


class DamagedBackupError(VoiceError):
    """A backup is not as it was written."""


class RestoreError(VoiceError):
    """A backup cannot be brought back here, or not so."""
