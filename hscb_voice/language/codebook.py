"""Describe what comments are sorted into: themes with definitions and the phrases that show them.

Why: people must be able to read, judge and change what a theme means; the engine only compiles what is written here.
May not: read comments (theme_matching does) or keep versions (the themes room does).
"""

import re
from functools import lru_cache
from importlib import resources
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from hscb_voice.language.errors import BadCodebookError
from hscb_voice.language.own_yaml import own_yaml
from hscb_voice.language.phrases import PhraseBook, PhraseError

Role = Literal["pattern", "hint", "unless"]
RESERVED_IDS = frozenset({"polarity", "concern"})
"""What readings and models call by these names is no theme. Books kept from before may have one: it stays there."""
_TRIED = "phrases were tried"
_BREAK = re.compile(r"[,\n]")


def split_phrases(block: str) -> tuple[str, ...]:
    """Cut a block of phrases, written with commas or line ends between, into a list.

    Args:
        block: as a person writes them.

    Returns:
        Each phrase once, in order, with single spaces.
    """
    return tuple(dict.fromkeys(phrase for part in _BREAK.split(block) if (phrase := " ".join(part.split()))))


def _split_phrases(value: object) -> object:
    return split_phrases(value) if isinstance(value, str) else value


Phrases = Annotated[tuple[str, ...], BeforeValidator(_split_phrases)]


class Theme(BaseModel):
    """One theme of a codebook."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: str = Field(min_length=1, max_length=80)
    definition: str = Field(min_length=1)
    includes: str = ""
    excludes: str = ""
    patterns: Phrases = ()
    hints: Phrases = ()
    unless: Phrases = ()
    examples: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _phrases_can_be_read(self) -> Self:
        if not self.definition.strip():
            message = "a theme needs a definition"
            raise ValueError(message)
        return self


class Codebook(BaseModel):
    """A versioned set of themes, with the named sets of words that their phrases use."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = Field(ge=1)
    name: str = Field(min_length=1)
    sets: dict[str, str] = Field(default_factory=dict)
    themes: tuple[Theme, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_differ_and_phrases_compile(self, info: ValidationInfo) -> Self:
        ids = [theme.id for theme in self.themes]
        if len(set(ids)) != len(ids):
            message = "two themes have the same id"
            raise ValueError(message)
        if info.context and info.context.get(_TRIED):
            return self
        try:
            self.phrase_book()
        except PhraseError as error:
            raise ValueError(str(error)) from error
        return self

    def phrase_book(self) -> PhraseBook[tuple[str, Role]]:
        """Compile the phrases of all themes.

        Returns:
            A phrase book whose labels are theme id and role of the phrase.

        Raises:
            PhraseError: a phrase is not written as the phrase language asks.
        """
        roles: tuple[tuple[Role, str], ...] = (("pattern", "patterns"), ("hint", "hints"), ("unless", "unless"))
        return PhraseBook(
            (
                ((theme.id, role), phrase)
                for theme in self.themes
                for role, name in roles
                for phrase in getattr(theme, name)
            ),
            self.sets,
        )

    def theme_ids(self) -> tuple[str, ...]:
        """Give the ids of the themes.

        Returns:
            The ids, in the order of the codebook.
        """
        return tuple(theme.id for theme in self.themes)


def read_codebook(source: str, *, is_own: bool = False) -> Codebook:
    """Read a codebook from YAML.

    Args:
        source: the text of the file.
        is_own: whether it came with the program: then its phrases were tried when it was made, which takes a while.

    Returns:
        The codebook, checked.

    Raises:
        BadCodebookError: the text is not YAML, breaks the schema, or holds a phrase that cannot be read.
    """
    try:
        content = own_yaml(source) if is_own else yaml.safe_load(source)
        codebook = Codebook.model_validate(content, context={_TRIED: is_own})
    except yaml.YAMLError as error:
        message = " ".join(f"the codebook is not YAML: {error}".split())
        raise BadCodebookError(message) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        message = f"the codebook is wrong at {place or 'the top'}: {first['msg']}"
        raise BadCodebookError(message) from error
    except (ValueError, TypeError, RecursionError) as error:  # a date that is none, a number of 5,000 digits, a maze
        message = f"the codebook cannot be read ({type(error).__name__})"
        raise BadCodebookError(message) from error
    if used := RESERVED_IDS.intersection(codebook.theme_ids()):
        message = f"the codebook is wrong at themes: the program itself uses the short name {min(used)}"
        raise BadCodebookError(message)
    return codebook


def theme_problem(fields: dict[str, object]) -> str:
    """Say what is wrong with one theme by itself, in plain words; nothing when it can be used.

    Args:
        fields: those of `Theme`.
    """
    try:
        Codebook.model_validate({"version": 1, "name": "one theme", "themes": [fields]})
    except ValidationError as error:
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return ""


def written_codebook(codebook: Codebook) -> str:
    """Write a codebook as YAML, in the shape that `read_codebook` reads.

    Args:
        codebook: the codebook.

    Returns:
        The text of the file; phrases one a line.
    """
    body = codebook.model_dump(mode="json")
    for theme in body["themes"]:
        for name in ("patterns", "hints", "unless"):
            theme[name] = "\n".join(theme[name])
    return str(yaml.dump(body, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120))


class _Plain(yaml.SafeDumper):
    """Writes texts of several lines as blocks, for people to read and compare."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Plain.add_representer(str, _block)


@lru_cache(maxsize=1)
def default_codebook() -> Codebook:
    """Give the codebook that comes with the program.

    Returns:
        The first version, with the nineteen fixed theme ids.
    """
    file = resources.files("hscb_voice.language").joinpath("codebooks", "children-2016.yaml")
    return read_codebook(file.read_text(encoding="utf-8"), is_own=True)
