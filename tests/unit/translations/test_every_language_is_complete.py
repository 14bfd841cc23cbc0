"""A language is offered only while everything can be said in it. A new English text turns this red until it is said."""

import pytest

from hscb_voice.translations.catalogues import read_catalogue
from hscb_voice.translations.report import standing_of
from hscb_voice.translations.sources import all_sources
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES

OFFERED = [code for code in LANGUAGES if code != DEFAULT_LANGUAGE]
WHAT_TO_DO = (
    "Run “hscb-voice translations update”, fill the gaps in hscb_voice/translations/{code}/LC_MESSAGES/messages.po "
    "(docs/guide-translator.md tells how), and “hscb-voice translations report {code}” until it is content."
)


@pytest.mark.parametrize("code", OFFERED)
def test_everything_is_said_in_it_and_nothing_is_doubtful_or_broken(code: str) -> None:
    standing = standing_of(code, read_catalogue(code), all_sources())
    gaps = [*standing.missing, *standing.doubtful, *standing.broken]
    assert not gaps, "\n".join([f"{code} has {len(gaps)} gaps. {WHAT_TO_DO.format(code=code)}", *map(str, gaps)])


@pytest.mark.parametrize("code", OFFERED)
def test_help_is_called_by_the_same_name_everywhere(code: str) -> None:
    said = {message.id: str(message.string) for message in read_catalogue(code) if isinstance(message.id, str)}
    for name in ("Childline", "National Domestic Abuse Helpline", "ico.org.uk", "CIDVA"):
        for text in (text for text in said if name in text):
            assert name in said[text], f"{code}: “{name}” must stay in “{said[text]}”"


def test_polish_romanian_and_welsh_are_offered() -> None:
    assert {"pl", "ro", "cy"} <= set(OFFERED)
