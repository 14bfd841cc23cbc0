"""Read a comment by the program's own codebook as people have edited it.

Why: the shipped models have learned beside the program's own phrases and know its themes by their ids. They go on
helping with every theme whose id stayed; but where people's phrases say otherwise than the old ones did, people have
decided, and no model takes that back.
May not: know where a codebook is kept.
"""

from collections.abc import Sequence
from dataclasses import replace

from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.questions import themes_asked
from hscb_voice.language.reading import (
    READ_LANGUAGE,
    Comment,
    Reading,
    RuleReading,
    judged_reading,
    read_comment,
    rule_reading,
    with_sure_names_masked,
)
from hscb_voice.language.theme_matching import ThemeMatch, match_themes


def read_by_edited(comment: Comment, codebook: Codebook) -> Reading:
    """Read one comment by an edited codebook.

    Args:
        comment: the comment.
        codebook: the program's own codebook, or what people made of it.

    Returns:
        All that was read; only the themes can differ from what the program's own codebook gives.
    """
    own = default_codebook()
    if codebook is own:
        return read_comment(comment, own)
    ruled = rule_reading(comment, own)
    judged = judged_reading(comment, ruled, own)
    if judged.language != READ_LANGUAGE:
        return judged
    return replace(judged, themes=edited_themes(comment, ruled, judged, codebook))


def edited_themes(comment: Comment, ruled: RuleReading, judged: Reading, codebook: Codebook) -> tuple[ThemeMatch, ...]:
    """Find the themes of an edited codebook.

    Args:
        comment: the comment.
        ruled: what the rules read in it by the program's own codebook.
        judged: what the models made of that.
        codebook: what people made of the program's own codebook, or any other.

    Returns:
        The themes, in the codebook's order.
    """
    first = ruled.reading
    asked = themes_asked(comment.question, comment.respondent)
    text, before = with_sure_names_masked(ruled), first.themes
    if text is not ruled.masked:  # both codebooks are to meet the same words
        before = match_themes(text, default_codebook(), first.polarity, first.concern, asked)
    said = match_themes(text, codebook, first.polarity, first.concern, asked)
    return _where_phrases_changed(before, said, judged.themes, codebook)


def _where_phrases_changed(
    before: Sequence[ThemeMatch], said: Sequence[ThemeMatch], judged: Sequence[ThemeMatch], codebook: Codebook
) -> tuple[ThemeMatch, ...]:
    """Let people's phrases decide where they say otherwise than the program's own, and the models everywhere else.

    `before` is what the program's own phrases found, `said` what the edited ones find, `judged` what the models made
    of the first.
    """
    old, new, learned = ({theme.id: theme for theme in themes} for themes in (before, said, judged))
    found = []
    for theme_id in codebook.theme_ids():
        is_changed = (theme_id in old) != (theme_id in new)
        theme = new.get(theme_id) if is_changed else learned.get(theme_id)
        if theme is not None:
            # Where both found it, the edited phrases are the words to show.
            found.append(new.get(theme_id, theme))
    return tuple(found)
