"""What differs between two versions of the codebook, theme by theme. Pure; no table and no page."""

from collections.abc import Mapping
from dataclasses import dataclass

from hscb_voice.codebooks.editing import Contents
from hscb_voice.codebooks.queries import told_gone
from hscb_voice.language.codebook import Theme

ADDED, GONE, CHANGED = "added", "gone", "changed"
PHRASE_LABELS = {"patterns": "Patterns", "hints": "Hints", "unless": "Unless"}
_TEXTS = {"name": "Name", "definition": "Meaning", "includes": "Includes", "excludes": "Leaves out"}


@dataclass(frozen=True)
class PhraseDifference:
    """What differs in one kind of phrases."""

    label: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    same: int


@dataclass(frozen=True)
class ThemeDifference:
    """What differs in one theme."""

    theme_id: str
    name: str
    how: str  # added, gone or changed
    told: str  # what became of it, when it is gone
    texts: tuple[tuple[str, str, str], ...]  # label, old, new
    phrases: tuple[PhraseDifference, ...]


def differences(old: Contents, new: Contents) -> list[ThemeDifference]:
    """Compare two versions.

    Args:
        old: the one to begin from.
        new: the other.

    Returns:
        The themes that differ, in the order of the new version, then those that are gone.
    """
    before = {theme.id: theme for theme in old.codebook.themes}
    after = {theme.id: theme for theme in new.codebook.themes}
    names = {theme.id: theme.name for theme in new.codebook.themes}
    ids = [*after, *(theme_id for theme_id in before if theme_id not in after)]
    found = [_difference(i, before.get(i), after.get(i), _became(new, i, names)) for i in ids]
    return [one for one in found if one.how != CHANGED or one.texts or one.phrases]


def _became(new: Contents, theme_id: str, names: Mapping[str, str]) -> str:
    gone = new.gone.get(theme_id)
    return told_gone(gone, names) if gone else ""


def _difference(theme_id: str, old: Theme | None, new: Theme | None, told: str) -> ThemeDifference:
    how = CHANGED if old and new else ADDED if new else GONE
    texts = []
    for name, label in _TEXTS.items():
        pair = (getattr(old, name, ""), getattr(new, name, ""))
        if pair[0] != pair[1]:
            texts.append((label, *pair))
    examples = tuple("\n".join(theme.examples) if theme else "" for theme in (old, new))
    if examples[0] != examples[1]:
        texts.append(("Examples", examples[0], examples[1]))
    phrases = [_phrases(label, getattr(old, name, ()), getattr(new, name, ())) for name, label in PHRASE_LABELS.items()]
    named = new or old
    kept = tuple(one for one in phrases if one.removed or one.added)
    return ThemeDifference(theme_id, named.name if named else theme_id, how, told, tuple(texts), kept)


def _phrases(label: str, old: tuple[str, ...], new: tuple[str, ...]) -> PhraseDifference:
    removed, added = tuple(p for p in old if p not in new), tuple(p for p in new if p not in old)
    return PhraseDifference(label, removed, added, len(old) - len(removed))
