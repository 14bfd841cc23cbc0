"""The codebook: nineteen fixed themes, written so that people can read and change them."""

from importlib import resources

import pytest

from hscb_voice.language.codebook import default_codebook, read_codebook
from hscb_voice.language.errors import BadCodebookError

FIXED_IDS = (
    "listened_to influence worker feelings safe online_safety domestic_abuse family parenting home school activities "
    "more_sessions visits information process changes_of_worker independence respect"
)
SMALL = """
version: 1
name: small
sets: {me: me us}
themes:
- id: listened_to
  name: Listening
  definition: Being heard.
  patterns: |
    listen*, talked over @me,
    heard me
  hints: heard
"""


def test_the_first_codebook_has_the_nineteen_fixed_ids() -> None:
    assert list(default_codebook().theme_ids()) == FIXED_IDS.split()


def test_the_phrases_of_the_first_codebook_can_be_read_though_nobody_tries_them_at_the_start() -> None:
    file = resources.files("hscb_voice.language").joinpath("codebooks", "children-2016.yaml")
    assert read_codebook(file.read_text(encoding="utf-8")) == default_codebook()


def test_every_theme_says_what_it_is_and_gives_examples() -> None:
    for theme in default_codebook().themes:
        assert theme.definition
        assert theme.includes
        assert theme.excludes
        assert theme.examples
        assert theme.patterns


def test_phrases_are_cut_at_commas_and_line_ends() -> None:
    assert read_codebook(SMALL).themes[0].patterns == ("listen*", "talked over @me", "heard me")


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("version: 1", "version: 0", "version"),
        ("name: small", "name: small\ntitle: x", "title"),
        ("id: listened_to", "id: Listened To", "id"),
        ("id: listened_to", "id: polarity", "the program itself uses"),
        ("talked over @me", "talked over @nobody", "nobody"),
        ("heard me\n", "heard ~\n", "begins and ends"),
        ("sets: {me: me us}", "sets: {me: [", "not YAML"),
        ("definition: Being heard.", 'definition: " "', "definition"),
    ],
)
def test_it_refuses_a_broken_codebook_and_says_where(was: str, becomes: str, says: str) -> None:
    with pytest.raises(BadCodebookError, match=says):
        read_codebook(SMALL.replace(was, becomes))


def test_it_refuses_two_themes_with_one_id() -> None:
    twice = SMALL + SMALL[SMALL.index("- id") :]
    with pytest.raises(BadCodebookError, match="same id"):
        read_codebook(twice)
