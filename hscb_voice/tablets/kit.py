"""What a tablet carries: what it may ask, where its pages lie, whom it seals for, and the sittings it may use.

It is made anew whenever a tablet asks, from what is published now. Pages are rendered by the collect room, exactly as
a browser gets them; only the sitting's place holds the same for everybody.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from urllib.parse import urlencode

from sqlalchemy import Connection

from hscb_voice.collect.pages import Form, Pages
from hscb_voice.collect.prepared import PreparedPage
from hscb_voice.collect.ways import Memory
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.questionnaires.errors import UnknownQuestionnaireError
from hscb_voice.questionnaires.queries import PublishedVersion, current_version
from hscb_voice.responses.reserving import Reserved, reserved_for
from hscb_voice.tablets.queries import TabletView
from hscb_voice.tablets.sealing import SealingKey, sealing_key, to_base64url
from hscb_voice.web.exits import exit_of
from hscb_voice.web.languages import LANGUAGES, Language, speaking, words_in

PLACE_OF_SITTING = "00000000-0000-4000-8000-000000000000"
PLACE_OF_RECEIPT = "@@receipt@@"
IDLE_SECONDS = 90
_MOST_HASHES = 2000


@dataclass(frozen=True)
class KitParts:
    """What of a kit comes from the database."""

    versions: tuple[PublishedVersion, ...]
    key: SealingKey
    sittings: Sequence[Reserved]


@dataclass(frozen=True)
class ThanksPage:
    """Which page thanks: it differs by look, by who answered, and by what is known."""

    form: Form
    worried: bool
    with_receipt: bool


class Kits:
    """Makes kits; remembers the hashes of pages, which never change while a process lives."""

    def __init__(self, pages: Pages, board_name: str) -> None:
        """Remember who draws the pages."""
        self._pages, self._board_name = pages, board_name
        self._hashes: Memory[tuple[object, ...], str] = Memory(_MOST_HASHES)

    def form_page(self, form: Form) -> PreparedPage:
        """Return the page of a form."""
        return self._pages.form(form)

    def thanks_page(self, wanted: ThanksPage) -> bytes:
        """Return a page that thanks."""
        if not wanted.with_receipt:
            return self._pages.thanks_without_words(wanted.form, worried=wanted.worried).encode()
        return self._pages.thanks(wanted.form, worried=wanted.worried).filled(PLACE_OF_RECEIPT, "")

    def kit(self, tablet: TabletView, parts: KitParts) -> dict[str, object]:
        """Make a kit.

        Args:
            tablet: whose.
            parts: what comes from the database.

        Returns:
            The kit, as it goes out.
        """
        exit_address = exit_of(tablet.service)
        kit: dict[str, object] = {
            "tablet": {"id": tablet.id, "name": tablet.name},
            "service": tablet.service,
            "team": tablet.team,
            "locality": tablet.locality,
            "board_name": self._board_name,
            "key": {"kid": parts.key.kid, "jwk": parts.key.jwk},
            "pin": {
                "salt": to_base64url(tablet.pin.salt),
                "iterations": tablet.pin.iterations,
                "hash": to_base64url(tablet.pin.hash),
            },
            "idle_seconds": IDLE_SECONDS,
            "exit_address": exit_address,
            "languages": [{"code": one.code, "name": one.name, "direction": one.direction} for one in _languages()],
            "forms": [self._form(version, exit_address) for version in parts.versions],
            "thanks": list(self._thanks(parts.versions, exit_address)),
        }
        sittings = [{"id": one.sitting_id, "receipt": one.receipt} for one in parts.sittings]
        return {**kit, "version": _hash(json.dumps(kit).encode()), "sittings": sittings}

    def _form(self, version: PublishedVersion, exit_address: str) -> dict[str, object]:
        definition = version.definition
        with speaking(next(_languages())):
            words = words_in(definition.slug)
            variants = [
                {
                    "key": one.key,
                    "label": words(one.label),
                    "look": one.look,
                    "respondent": one.respondent or definition.respondent,
                }
                for one in definition.variants
            ]
            return {
                "slug": version.slug,
                "version": version.id,
                "title": words(definition.title),
                "short_title": definition.short_title,
                "about": words(definition.about),
                "respondent": definition.respondent,
                "look": definition.look,
                "variants": variants,
                "points": [{"key": one.key, "label": one.label} for one in definition.points],
                "asks": _asks(definition),
                "pages": [self._page(form) for form in _forms_of(version, exit_address)],
            }

    def _page(self, form: Form) -> dict[str, object]:
        """Name a form's page; points in the work at which the same is asked share the page of no point."""
        told = {"variant": form.variant, "point": form.point, "lang": form.language.code, "easy": form.easy}
        if form.definition.asked_of(form.variant, form.point) == form.definition.asked_of(form.variant):
            form = replace(form, point="")
        asked = {"age": form.variant or "", "lang": form.language.code}
        if form.point:
            asked["point"] = form.point
        if form.easy:
            asked["easy"] = "1"
        address = f"/tablet/forms/{form.version.slug}/{form.version.id}?{urlencode(asked)}"
        key = (form.version.content_hash, address, form.exit_address)
        found = self._hashes.last(key)
        if found is None:
            found = self._hashes.put(key, _hash(self.form_page(form).filled(PLACE_OF_SITTING, "")))
        return {**told, "address": address, "hash": found}

    def _thanks(self, versions: Iterable[PublishedVersion], exit_address: str) -> Iterator[dict[str, object]]:
        """Name each page that thanks once: forms with the same look and the same people share theirs."""
        seen: dict[tuple[str, str, str], Form] = {}
        for version in versions:
            for form in _forms_of(version, exit_address):
                look, who = (get(form.variant) for get in (form.definition.look_of, form.definition.respondent_of))
                seen.setdefault((look, who, form.language.code), form)
        for (look, who, lang), form in seen.items():
            for worried in (False, True):
                for with_receipt in (False, True):
                    page = ThanksPage(form, worried, with_receipt)
                    told: dict[str, object] = {"look": look, "respondent": who, "lang": lang}
                    yield told | {"worried": worried, "receipt": with_receipt} | self._where(page, (look, who, lang))

    def _where(self, page: ThanksPage, shared: tuple[str, str, str]) -> dict[str, str]:
        key = ("thanks", *shared, page.form.exit_address, page.worried, page.with_receipt)
        found = self._hashes.last(key) or self._hashes.put(key, _hash(self.thanks_page(page)))
        asked = {
            "form": page.form.version.slug,
            "version": page.form.version.id,
            "age": page.form.variant or "",
            "lang": page.form.language.code,
            "worried": "yes" if page.worried else "no",
            "receipt": "yes" if page.with_receipt else "no",
        }
        return {"address": f"/tablet/thanks?{urlencode(asked)}", "hash": found}


def kit_parts(connection: Connection, keys: KeyRing, tablet: TabletView) -> KitParts:
    """Read what of a kit comes from the database.

    Args:
        connection: a reading connection.
        keys: make the receipts.
        tablet: whose kit.

    Raises:
        NoSealingKeyError: there is no key pair yet; the tablet's next pulse makes one.
    """
    versions = []
    for slug in tablet.slugs:
        try:
            versions.append(current_version(connection, slug))
        except UnknownQuestionnaireError:
            continue  # a questionnaire of another installation, after a backup came back
    return KitParts(tuple(versions), sealing_key(connection), reserved_for(connection, keys, tablet.id))


def _languages() -> Iterator[Language]:
    yield from LANGUAGES.values()


def _forms_of(version: PublishedVersion, exit_address: str) -> Iterator[Form]:
    """Name every form of a questionnaire: ages, points in the work, languages, and the easy one beside the usual."""
    ages: list[str | None] = [one.key for one in version.definition.variants]
    points = ["", *(one.key for one in version.definition.points)]
    for variant, point, language in product(ages or [None], points, _languages()):
        form = Form(version, variant, language, chooses_age=False, point=point, exit_address=exit_address)
        yield form
        if not form.is_easy:
            yield replace(form, easy=True)


def _asks(definition: Definition) -> list[list[str]]:
    """List the ticks that ask for a person, by the names that a page gives them."""
    return [
        [question.key, option.key]
        for question in definition.questions
        if not question.takes_words
        for option in question.options
        if option.raises
    ]


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
