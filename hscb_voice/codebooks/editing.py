"""Changing a codebook, as pure functions: change, add, merge, split and retire a theme. No table and no page.

A theme's id stays for ever: what is retired, merged or split is remembered in `gone`, because codes that people gave
under it stand. An id that is gone is never given to another theme.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from hscb_voice.codebooks.errors import CodebookEditError
from hscb_voice.codebooks.merging import exceptions_kept
from hscb_voice.language.codebook import RESERVED_IDS, Codebook, Theme, split_phrases
from hscb_voice.language.phrases import PhraseBook, PhraseError

PHRASE_FIELDS = ("patterns", "hints", "unless")
RETIRED, MERGED = "retired", "merged"
LONGEST_PHRASE, MOST_PHRASES, LONGEST_TEXT = 600, 2500, 2000
_ID_HINT = "Use small letters, digits and underscores, beginning with a letter, up to 40 characters, such as “pets”."


@dataclass(frozen=True)
class Gone:
    """A theme that is in the codebook no more."""

    name: str
    act: str  # retired or merged
    into: tuple[str, ...] = ()


@dataclass(frozen=True)
class ThemeFields:
    """A theme as it comes from a form: texts, phrases one a line or with commas between."""

    name: str
    definition: str
    includes: str = ""
    excludes: str = ""
    patterns: str = ""
    hints: str = ""
    unless: str = ""
    examples: str = ""  # one a line


@dataclass(frozen=True)
class Contents:
    """A codebook with what is gone from it."""

    codebook: Codebook
    gone: Mapping[str, Gone] = field(default_factory=dict)

    def theme(self, theme_id: str) -> Theme:
        """Return a theme.

        Args:
            theme_id: its id.

        Raises:
            CodebookEditError: there is no such theme.
        """
        found = next((theme for theme in self.codebook.themes if theme.id == theme_id), None)
        if found is None:
            message = "There is no such theme in the draft."
            raise CodebookEditError(message)
        return found


Change = Callable[[Contents], Contents]


def theme_from(theme_id: str, fields: ThemeFields, sets: Mapping[str, str]) -> Theme:
    """Check a theme's fields and put it together.

    Args:
        theme_id: its id.
        fields: what was written.
        sets: the codebook's named sets of words.

    Returns:
        The theme.

    Raises:
        CodebookEditError: fields are wrong; `fields` says which, in plain words.
    """
    wrong = _wrong_texts(fields)
    phrases = {name: split_phrases(getattr(fields, name)) for name in PHRASE_FIELDS}
    for name, found in phrases.items():
        if trouble := _phrase_trouble(found, sets):
            wrong[name] = trouble
    if wrong:
        message = "The theme cannot be saved as it is."
        raise CodebookEditError(message, wrong)
    texts = {name: " ".join(getattr(fields, name).split()) for name in ("name", "definition", "includes", "excludes")}
    examples = tuple(line.strip() for line in fields.examples.splitlines() if line.strip())
    try:
        return Theme(id=theme_id, examples=examples, **texts, **phrases)
    except ValidationError as fault:
        message = f"The theme cannot be saved: {fault.errors()[0]['msg']}."
        raise CodebookEditError(message) from fault


def fields_of(theme: Theme) -> ThemeFields:
    """Return a theme's fields as a form shows them, phrases and examples one a line."""
    lines = {name: "\n".join(getattr(theme, name)) for name in (*PHRASE_FIELDS, "examples")}
    return ThemeFields(theme.name, theme.definition, theme.includes, theme.excludes, **lines)


def change_theme(contents: Contents, theme_id: str, fields: ThemeFields) -> Contents:
    """Change a theme; its id stays.

    Args:
        contents: the draft.
        theme_id: which theme.
        fields: what it shall say.

    Returns:
        The draft with the change.

    Raises:
        CodebookEditError: there is no such theme, its name is another's, or a field is wrong.
    """
    contents.theme(theme_id)
    _refuse_a_name_taken(contents, fields.name, but=theme_id)
    theme = theme_from(theme_id, fields, contents.codebook.sets)
    return _with_themes(contents, [theme if one.id == theme_id else one for one in contents.codebook.themes])


def add_theme(contents: Contents, theme_id: str, fields: ThemeFields) -> Contents:
    """Add a theme at the end.

    Args:
        contents: the draft.
        theme_id: its id for ever.
        fields: what it says.

    Returns:
        The draft with the theme.

    Raises:
        CodebookEditError: the id is no id, or was used before; or a field is wrong.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", theme_id):
        raise CodebookEditError(_ID_HINT, {"id": _ID_HINT})
    if theme_id in contents.codebook.theme_ids() or theme_id in contents.gone or theme_id in {"none", "not_read"}:
        message = "This short name is a theme’s already, or was one’s. Choose another."
        raise CodebookEditError(message, {"id": message})
    if theme_id in RESERVED_IDS:
        message = "The program itself uses this short name. Choose another."
        raise CodebookEditError(message, {"id": message})
    _refuse_a_name_taken(contents, fields.name)
    theme = theme_from(theme_id, fields, contents.codebook.sets)
    return _with_themes(contents, [*contents.codebook.themes, theme])


def merge_themes(contents: Contents, from_id: str, into_id: str) -> Contents:
    """Let one theme go into another, which takes over its phrases and examples.

    Of the exceptions only those are kept that silence no phrase of the other theme; `merging` says which those are.

    Args:
        contents: the draft.
        from_id: the theme that goes.
        into_id: the theme that stays.

    Returns:
        The draft after it.

    Raises:
        CodebookEditError: they are the same, or one does not exist.
    """
    if from_id == into_id:
        message = "Choose two different themes."
        raise CodebookEditError(message, {"into": message})
    goes, stays = contents.theme(from_id), contents.theme(into_id)
    joined: dict[str, object] = {
        name: tuple(dict.fromkeys((*getattr(stays, name), *getattr(goes, name))))
        for name in (*PHRASE_FIELDS, "examples")
    }
    joined["unless"] = exceptions_kept(stays, goes, contents.codebook.sets)[0]
    joined["includes"] = "; ".join(part for part in (stays.includes, f"{goes.name}: {goes.definition}") if part)
    whole = stays.model_copy(update=joined)
    themes = [whole if one.id == into_id else one for one in contents.codebook.themes if one.id != from_id]
    return _without(contents, goes, Gone(goes.name, MERGED, (into_id,)), themes)


def left_out_by_merging(contents: Contents, from_id: str, into_id: str) -> tuple[str, ...]:
    """Return the `unless` lines that a merger leaves out, because they would silence phrases of the other theme.

    Args:
        contents: the draft before it.
        from_id: the theme that goes.
        into_id: the theme that stays.
    """
    return exceptions_kept(contents.theme(into_id), contents.theme(from_id), contents.codebook.sets)[1]


def split_theme(
    contents: Contents, theme_id: str, new_id: str, fields: ThemeFields, moved: Collection[str]
) -> Contents:
    """Take some of a theme's phrases into a new theme; the rest, and the id, stay.

    Args:
        contents: the draft.
        theme_id: the theme that is split.
        new_id: the new theme's id.
        fields: the new theme's texts; its phrases are those moved.
        moved: phrases of the old theme, as they are written there.

    Returns:
        The draft with both.

    Raises:
        CodebookEditError: nothing is moved, or everything is; or a field is wrong.
    """
    old = contents.theme(theme_id)
    taken = {name: [phrase for phrase in getattr(old, name) if phrase in moved] for name in PHRASE_FIELDS}
    unknown = sorted(set(moved) - {phrase for phrases in taken.values() for phrase in phrases})
    if unknown:
        message = f"“{unknown[0]}” is no phrase of “{old.name}”."
        raise CodebookEditError(message, {"moved": message})
    if not taken["patterns"] and not taken["hints"]:
        message = "Move at least one pattern or hint to the new theme."
        raise CodebookEditError(message, {"moved": message})
    left = {name: tuple(p for p in getattr(old, name) if p not in moved) for name in PHRASE_FIELDS}
    if not left["patterns"] and not left["hints"]:
        message = "Leave at least one pattern or hint with the old theme; to move all, rename it instead."
        raise CodebookEditError(message, {"moved": message})
    phrases = {name: "\n".join(found) for name, found in taken.items()}
    with_new = add_theme(contents, new_id, replace(fields, **phrases))
    themes = [one.model_copy(update=left) if one.id == theme_id else one for one in with_new.codebook.themes]
    # The new theme stands right behind the one that it came from.
    place = next(i for i, one in enumerate(themes) if one.id == theme_id)
    themes.insert(place + 1, themes.pop())
    return _with_themes(with_new, themes)


def retire_theme(contents: Contents, theme_id: str) -> Contents:
    """Let a theme go; codes that people gave under it stand, and figures say that it is retired.

    Args:
        contents: the draft.
        theme_id: which.

    Returns:
        The draft without it.

    Raises:
        CodebookEditError: there is no such theme, or it is the last one.
    """
    theme = contents.theme(theme_id)
    themes = [one for one in contents.codebook.themes if one.id != theme_id]
    return _without(contents, theme, Gone(theme.name, RETIRED), themes)


def bring_in(contents: Contents, codebook: Codebook) -> Contents:
    """Put a whole codebook, read from a file, in the place of the draft's.

    Args:
        contents: the draft.
        codebook: what the file says.

    Returns:
        The draft with the file's themes; those that the file lacks are retired, those that it has again are back.
    """
    ids = codebook.theme_ids()
    gone = {theme_id: one for theme_id, one in contents.gone.items() if theme_id not in ids}
    gone |= {one.id: Gone(one.name, RETIRED) for one in contents.codebook.themes if one.id not in ids}
    return Contents(codebook.model_copy(update={"version": contents.codebook.version}), gone)


def _wrong_texts(fields: ThemeFields) -> dict[str, str]:
    wrong = {}
    if not fields.name.strip():
        wrong["name"] = "Give the theme a name."
    elif len(fields.name.strip()) > 80:  # noqa: PLR2004 - as the codebook's own schema has it
        wrong["name"] = "A name has at most 80 characters."
    if not fields.definition.strip():
        wrong["definition"] = "Say what the theme means."
    for name in ("definition", "includes", "excludes", "examples"):
        if len(getattr(fields, name)) > LONGEST_TEXT:
            wrong[name] = f"Write at most {LONGEST_TEXT:,} characters here."
    return wrong


def _phrase_trouble(phrases: Collection[str], sets: Mapping[str, str]) -> str:
    """Say what is wrong with the first phrase that cannot be read; nothing when all can."""
    if len(phrases) > MOST_PHRASES:
        return f"Write at most {MOST_PHRASES:,} phrases here."
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE:
            return f"“{phrase[:40]}…” is too long for a phrase: at most {LONGEST_PHRASE} characters."
        if phrase != phrase.lower():
            return f"“{phrase}” has capital letters. Write phrases in small letters; comments are compared so."
        try:
            PhraseBook([("", phrase)], sets)
        except PhraseError as fault:
            return f"“{phrase}” cannot be read as a phrase: {fault}."
    return ""


def _refuse_a_name_taken(contents: Contents, name: str, but: str = "") -> None:
    plain = " ".join(name.split()).lower()
    if any(one.name.lower() == plain and one.id != but for one in contents.codebook.themes):
        message = "Another theme has this name."
        raise CodebookEditError(message, {"name": message})


def _without(contents: Contents, theme: Theme, how: Gone, themes: list[Theme]) -> Contents:
    if not themes:
        message = "A codebook needs at least one theme."
        raise CodebookEditError(message)
    return _with_themes(replace(contents, gone={**contents.gone, theme.id: how}), themes)


def _with_themes(contents: Contents, themes: list[Theme]) -> Contents:
    return replace(contents, codebook=contents.codebook.model_copy(update={"themes": tuple(themes)}))
