"""The demonstration's front door: every questionnaire, for whom it is, in warm words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from hscb_voice.questionnaires.queries import PublishedVersion
from hscb_voice.web.languages import chosen_language, speaking, words_in


@dataclass(frozen=True)
class DoorEntry:
    """One questionnaire on the door."""

    slug: str
    title: str
    about: str
    variant: str | None = None


def door_groups(versions: Sequence[PublishedVersion]) -> list[tuple[str, list[DoorEntry]]]:
    """Group the questionnaires by who answers them.

    Args:
        versions: what is asked now.

    Returns:
        Headings with their entries; a questionnaire that several answer stands once for each.
    """
    headings = {
        "child": gettext("For children and young people"),
        "parent": gettext("For parents and carers"),
        "professional": gettext("For professionals"),
    }
    groups: dict[str, list[DoorEntry]] = {who: [] for who in headings}
    for version in versions:
        definition = version.definition
        seen = {definition.respondent}
        groups[definition.respondent].append(_entry(version, definition.about, None, definition.respondent))
        for variant in definition.variants:
            if variant.respondent and variant.respondent not in seen:
                seen.add(variant.respondent)
                groups[variant.respondent].append(_entry(version, variant.label, variant.key, variant.respondent))
    return [(headings[who], entries) for who, entries in groups.items() if entries]


def _entry(version: PublishedVersion, about: str, variant: str | None, who: str) -> DoorEntry:
    words = words_in(version.slug)
    with speaking(chosen_language(), who):
        return DoorEntry(version.slug, words(version.definition.title), words(about), variant)
