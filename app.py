"""The WSGI door: `gunicorn app:app`."""

from hscb_voice.factory import create_app
from hscb_voice.foundation.settings import Settings

app = create_app(Settings.from_env())
