"""Take any list of themes as a codebook, however its fields are called, and remember what its themes are called there.

Why: the same engine can be tried on somebody else's themes, which are not written as ours are.
May not: open files (`public_files` does), or let a stranger's theme pass for one of ours of the same name.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hscb_voice.language.codebook import RESERVED_IDS, Codebook, default_codebook
from hscb_voice.language.errors import BadCodebookError
from hscb_voice.language.public_phrases import public_phrases, short_examples

MOST_THEMES = 200
_IDS = (
    "id",
    "theme_id",
    "code_id",
    "code",
    "key",
    "ref",
    "theme",
    "topic",
    "name",
    "label",
    "title",
    "category",
    "tag",
)
_LABELS = ("label", "name", "title", "theme_name", "theme", "topic", "category")
_DEFINITIONS = ("definition", "description", "desc", "meaning", "explanation", "details")
_PATTERNS = (
    "patterns",
    "pattern",
    "keywords",
    "keyword",
    "key_words",
    "phrases",
    "phrase",
    "terms",
    "words",
    "synonyms",
)
_EXAMPLES = ("examples", "example")
_LISTS = ("themes", "codes", "categories", "topics", "codebook", "labels")
_ANY_FIELD = frozenset((*_IDS, *_LABELS, *_DEFINITIONS, *_PATTERNS, *_EXAMPLES))
_OWN_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_OURS_FOR_OTHERS = re.compile(r"theme_no_\d+")
_LONGEST_ID, _LONGEST_NAME, _LONGEST_TEXT = 200, 80, 2_000
_KINDS = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
_NOTHING = frozenset({"", "~", "null"})


@dataclass(frozen=True)
class PublicCodebook:
    """A codebook, and what its themes are called where it came from."""

    codebook: Codebook
    own_ids: Mapping[str, str]  # the name outside -> our id
    also: Mapping[str, str] = field(default_factory=dict)  # id or name in lower case, where only one theme has it
    warnings: tuple[str, ...] = ()  # what was left out, in plain words

    def own_id(self, written: str) -> str | None:
        """Find a theme by its id, or else by its id or name in any case.

        Args:
            written: as somebody wrote it.

        Returns:
            Our id; None when there is no such theme, or more than one.
        """
        name = " ".join(written.split())
        return self.own_ids.get(name) or self.also.get(name.casefold())

    def digest(self) -> str:
        """Return a hash of what decides how comments are read: ids and phrases, in whatever order they stand."""
        outside = {own: name for name, own in self.own_ids.items()}
        themes = sorted([outside[t.id], *map(list, (t.patterns, t.hints, t.unless))] for t in self.codebook.themes)
        written = json.dumps([dict(self.codebook.sets), themes], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def public_codebook(codebook: Codebook) -> PublicCodebook:
    """Return a codebook of ours, whose themes are called outside as they are here."""
    ids = {theme_id: theme_id for theme_id in codebook.theme_ids()}
    return PublicCodebook(codebook, ids, _also((theme.id, {theme.id, theme.name}) for theme in codebook.themes))


def fields_known(names: Sequence[str]) -> int:
    """Return how many of these names of columns say what they hold."""
    return sum(_plain(name) in _ANY_FIELD for name in names)


def is_named(names: Sequence[str]) -> bool:
    """Tell whether one of these columns can hold what a theme is called."""
    return any(_plain(name) in _IDS for name in names)


def listed_themes(data: object) -> list[object]:
    """Find the list of themes in what a file holds.

    Args:
        data: as read from JSON or YAML.

    Returns:
        The themes, each a text or an object.

    Raises:
        BadCodebookError: there is no list.
    """
    if isinstance(data, dict):
        by_name = {_plain(str(name)): told for name, told in data.items()}
        lists = [
            name for name in _LISTS if name in by_name and (name == "themes" or isinstance(by_name[name], dict | list))
        ]
        data = by_name[lists[0]] if lists else data
    if isinstance(data, dict):
        return [_of_pair(name, told) for name, told in data.items()]
    if not isinstance(data, list):
        message = "the codebook must be a list of themes"
        raise BadCodebookError(message)
    return list(data)


def _of_pair(name: object, told: object) -> dict[str, object]:
    if isinstance(told, dict):
        return {"id": name, **{key: value for key, value in told.items() if _plain(str(key)) != "id"}}
    return {"id": name, "patterns" if isinstance(told, list) else "label": told}


def book_of(listed: Sequence[object], warnings: Sequence[str] = ()) -> PublicCodebook:
    """Make a codebook of a list of themes.

    Args:
        listed: texts, or objects with what a theme is called and optionally label, definition and patterns.
        warnings: what is to be said of the file already.

    Returns:
        The codebook. Phrases that cannot be read are left out, with a warning each.

    Raises:
        BadCodebookError: a theme is wrong; the message says which.
    """
    if not 1 <= len(listed) <= MOST_THEMES:
        message = f"the codebook must have from 1 to {MOST_THEMES} themes; it has {len(listed)}"
        raise BadCodebookError(message)
    themes = [_theme(place, one) for place, one in enumerate(listed, start=1)]
    places: dict[str, int] = {}
    for place, theme in enumerate(themes, start=1):
        if theme.name in places:
            message = f"theme {place} of the codebook has the id of another: {theme.name}"
            raise BadCodebookError(message)
        places[theme.name] = place
    # Numbered by name, so that the same themes in another order have the same ids.
    ids = {name: _id_for(name, rank) for rank, name in enumerate(sorted(places), start=1)}
    made = [
        {
            "id": ids[theme.name],
            "name": theme.label[:_LONGEST_NAME],
            "definition": theme.definition[:_LONGEST_TEXT] or theme.label,
            "patterns": theme.patterns,
        }
        for theme in themes
    ]
    codebook = Codebook.model_validate({"version": 1, "name": "Public", "themes": made})
    left_out = [
        f"theme {theme.name}: the phrase “{phrase}” cannot be read and is left out"
        for theme in themes
        for phrase in theme.unreadable
    ]
    also = _also((ids[theme.name], theme.names) for theme in themes)
    return PublicCodebook(codebook, {theme.name: ids[theme.name] for theme in themes}, also, (*warnings, *left_out))


def _id_for(name: str, rank: int) -> str:
    # A stranger's “home” need not mean what ours means: our models must not speak for it.
    is_taken = name in default_codebook().theme_ids() or name in RESERVED_IDS or _OURS_FOR_OTHERS.fullmatch(name)
    return f"theme_no_{rank}" if is_taken or _OWN_ID.fullmatch(name) is None else name


def _also(named: Iterator[tuple[str, set[str]]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for own_id, names in named:
        for name in names:
            found.setdefault(name.casefold(), set()).add(own_id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


@dataclass(frozen=True)
class _Theme:
    name: str
    label: str
    definition: str
    patterns: tuple[str, ...]
    unreadable: tuple[str, ...]
    names: set[str]


def _theme(place: int, one: object) -> _Theme:
    where = f"theme {place} of the codebook"
    told = _told(where, one)
    name = _first(where, told, _IDS)
    if not name or len(name) > _LONGEST_ID:
        message = f"{where} has no id, or one that is too long"
        raise BadCodebookError(message)
    phrases = public_phrases(_texts(f"{where}, {name}", told, _PATTERNS))
    if not phrases.readable and not phrases.unreadable:
        phrases = public_phrases(short_examples(_texts(f"{where}, {name}", told, _EXAMPLES)))
    label = _first(where, told, _LABELS) or name
    return _Theme(
        name,
        label,
        _first(where, told, _DEFINITIONS),
        phrases.readable,
        phrases.unreadable,
        {name, *(_first(where, told, (one,)) for one in (*_IDS, *_LABELS))} - {""},
    )


def _told(where: str, one: object) -> dict[str, object]:
    if not isinstance(one, dict):
        return {"id": _text(where, "it", one)}
    told = {_plain(str(name)): value for name, value in one.items()}
    if len(told) == 1 and not _ANY_FIELD & set(told):  # “- Staff: how people were treated”
        return {_plain(name): value for name, value in _of_pair(*next(iter(one.items()))).items()}
    return told


def _first(where: str, told: Mapping[str, object], names: Sequence[str]) -> str:
    return next((text for name in names if (text := _text(where, name, told.get(name)))), "")


def _text(where: str, name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | dict | list):
        message = f"{where}: {name} must be text, not {_KINDS[type(value)]}"
        raise BadCodebookError(message)
    written = " ".join(str(value).split())
    if not written.isprintable():
        message = f"{where}: {name} holds a sign that cannot be shown"
        raise BadCodebookError(message)
    return "" if name != "id" and written.lower() in _NOTHING else written


def _texts(where: str, told: Mapping[str, object], names: Sequence[str]) -> list[str]:
    for name in names:
        value = told.get(name)
        if isinstance(value, dict | bool):
            message = f"{where}: {name} must be text or a list of texts, not {_KINDS[type(value)]}"
            raise BadCodebookError(message)
        many: Any = value if isinstance(value, list) else str(value).split("\n") if value is not None else []
        found = [text for one in many if (text := _text(where, f"what stands in {name}", one))]
        if found:
            return found
    return []


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().strip("\"'\ufeff").strip()).casefold()
