"""What the API shows of versions, themes and packs, as plain values. A hidden number is null and never 0."""

from typing import Any

from hscb_voice.board.figures import Count
from hscb_voice.board.themes_heard import GroupHeard, ThemeHeard
from hscb_voice.packs.queries import PackLine
from hscb_voice.packs.writing import FORMATS
from hscb_voice.questionnaires.queries import PublishedVersion


def version_line(version: PublishedVersion) -> dict[str, Any]:
    """Return one wording without its questions."""
    definition = version.definition
    return {
        "slug": version.slug,
        "title": definition.title,
        "short_title": definition.short_title,
        "respondent": definition.respondent,
        "version": version.number,
        "content_hash": version.content_hash,
    }


def group_heard(group: GroupHeard) -> dict[str, Any]:
    """Return what one group wrote about."""
    return {
        "respondent": group.respondent,
        "written": group.written,
        "themes": [_theme(theme) for theme in group.themes],
        "too_seldom_to_show": list(group.hidden),
    }


def pack_line(line: PackLine) -> dict[str, Any]:
    """Return one issued pack. Who issued it is not told."""
    return {
        "id": line.id,
        "style": line.style,
        "title": line.title,
        "period": line.period_name,
        "meeting": line.meeting.isoformat() if line.meeting else None,
        "issued_on": line.issued_at.date().isoformat(),
        "content_hash": line.content_hash,
        "replaces": line.replaces,
        "replaced_by": line.replaced_by,
        "files": list(FORMATS) if line.is_whole else [],  # else words were taken out of it
    }


def _theme(theme: ThemeHeard) -> dict[str, Any]:
    spread = theme.polarity.counts if theme.polarity else ()
    return {"id": theme.id, "name": theme.name, **_count(theme.count), "polarity": [_keyed(count) for count in spread]}


def _keyed(count: Count) -> dict[str, Any]:
    return {"key": count.key, "text": count.text, **_count(count)}


def _count(count: Count) -> dict[str, Any]:
    return {"n": count.n, "hidden": count.hidden, "at_least": count.at_least}
