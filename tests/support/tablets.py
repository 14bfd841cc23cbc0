"""Tablets for tests: one that has been added, and one that has been set up."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask

from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.queries import published_slugs
from hscb_voice.tablets.proofs import hash_pin
from hscb_voice.tablets.service import NewTablet, SetUpCode, add_tablet
from hscb_voice.web.current import EXTENSION
from tests.support.people import TEAM
from tests.support.sittings import CHILD, page_sending, version_of
from tests.support.tablet_device import Finished, TabletDevice

_AROUND = {"sitting", "version", "variant", "language"}
PIN = "270413"
# Checked by the tablet, so tests of the server need no slow hash.
QUICK_PIN = hash_pin(PIN, iterations=1000)


def add(platform: Platform, name: str = "Blue tablet", team: str = TEAM, slugs: Sequence[str] = ()) -> SetUpCode:
    """Add a tablet for all questionnaires, or for some."""
    with platform.database.writing() as connection:
        asked = tuple(slugs) or published_slugs(connection)
        new = NewTablet(name, "Family support", team, "Leominster", asked, QUICK_PIN)
        return add_tablet(connection, platform.keys, new, "a-worker", platform.clock.now())


def set_up(app: Flask, name: str = "Blue tablet", team: str = TEAM, slugs: Sequence[str] = ()) -> TabletDevice:
    """Add a tablet, and set it up."""
    platform: Platform = app.extensions[EXTENSION]
    return TabletDevice.set_up(app, add(platform, name, team, slugs).code)


def answering(site: Platform, device: TabletDevice, slug: str, variant: str | None) -> Finished:
    """Let a child answer every question of a form on a tablet."""
    version = version_of(site, slug)
    sent = page_sending(version, variant)
    fields = [(name, value) for name, value in sent.items(multi=True) if name not in _AROUND]
    return device.finish(version, fields, variant=variant)


def saying(site: Platform, device: TabletDevice, words: Mapping[str, str], **more: Any) -> Finished:
    """Let a child answer only some questions on a tablet."""
    return device.finish(version_of(site, CHILD), [("answered", "together"), *words.items()], **more)
