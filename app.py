"""The WSGI door: `gunicorn app:app`."""

import sys

from hscb_voice.factory import create_app
from hscb_voice.foundation.logs import set_up_logs
from hscb_voice.foundation.settings import Settings

_settings = Settings.from_env()
app = create_app(_settings)
set_up_logs(_settings.logs, sys.stdout)
