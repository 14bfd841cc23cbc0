"""A site that asks the council's sign-in service, and that service."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from hscb_voice.factory import create_app
from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.platform import Platform
from hscb_voice.foundation.settings import Settings
from hscb_voice.foundation.sign_on import sign_on_from
from hscb_voice.web.current import EXTENSION
from tests.support.sign_in_service import SignInService


@pytest.fixture
def service(clock: SetClock) -> Iterator[SignInService]:
    """The council's sign-in service."""
    started = SignInService(lambda: clock.now().timestamp())
    yield started
    started.stop()


@pytest.fixture
def app(platform: Platform, settings: Settings, clock: SetClock, service: SignInService) -> Iterator[Flask]:
    """The application with single sign-on."""
    del platform
    application = create_app(replace(settings, sign_on=sign_on_from(service.settings())), clock)
    application.testing = True
    yield application
    application.extensions[EXTENSION].database.dispose()
