"""What the collect room keeps for as long as the process lives: codes followed, pages rendered, forms made."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, current_app

from hscb_voice.collect.forms import FormBook
from hscb_voice.collect.pages import Pages
from hscb_voice.collect.sending import RaiseAtOnce
from hscb_voice.collect.shelf import Shelf
from hscb_voice.collect.ways import WAY_SHAPE, Ways
from hscb_voice.web.current import EXTENSION
from hscb_voice.web.exits import know_exits

_EXTENSION = "collect"


@dataclass(frozen=True)
class CollectRoom:
    """The room's memory."""

    ways: Ways
    pages: Pages
    forms: FormBook
    raise_at_once: RaiseAtOnce
    urgent: Collection[str]  # kinds of jobs that cannot wait for a worker


def furnish(app: Flask, raise_at_once: RaiseAtOnce, urgent: Collection[str]) -> None:
    """Give an application the room's memory.

    Args:
        app: the application, its platform in place.
        raise_at_once: raises the concerns of an answer in the answer's own transaction.
        urgent: kinds of jobs that cannot wait for a worker, beside the screening.
    """
    platform = app.extensions[EXTENSION]
    shelf = Shelf(platform.settings.data_folder / "forms", WAY_SHAPE)
    ways = Ways(platform.database, platform.clock, shelf)
    know_exits(app, ways.exits)
    pages = Pages(platform.settings.board_name, demonstration=platform.settings.demonstration)
    app.extensions[_EXTENSION] = CollectRoom(ways, pages, FormBook(ways), raise_at_once, urgent)


def room() -> CollectRoom:
    """Return the room of the running application."""
    found = current_app.extensions[_EXTENSION]
    assert isinstance(found, CollectRoom)  # noqa: S101 - put there by `furnish`; this tells the type checker
    return found
