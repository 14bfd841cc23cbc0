"""Tell whether a theme is spoken of as a wish.

Why: each code on a comment is good, bad or a wish, and what people wish for is what a Board can act on. A clause that
holds a word of wishing is not yet a wish: "they let me have a shelf" and "could smell it" tell what happened, and under
"what helped?" even "help with school" does. Under "what would make it better?" a few level words are one without any.
May not: change how a comment is read, or find a theme.
"""

import re

from hscb_voice.language.clauses import clauses
from hscb_voice.language.normalise import normalise
from hscb_voice.language.questions import leaning_of
from hscb_voice.language.reading import Comment, Reading
from hscb_voice.language.theme_matching import ThemeMatch

WISH = "wish"
_WHO = r"(?:i|we|you|he|she|it|they|there|this|that|these|someone|somebody|my|our|your|his|her|the)"
_THEY = r"(?:they|he|she|you|who|staff|workers?|mum|dad)"
# Nobody says these of what has happened.
_PLAINLY = re.compile(
    r"\b(?:(?:i|we) (?:do |just |really |still |also |only )?(?:wish|hope|want)|(?:he|she|they) (?:wants?|hopes?|wish)|"
    r"wish (?:i|we|my|you|they|there|it|he|she|her|every\w+)|my (?:hope|wish|dream)|"
    r"(?:would|[a-z]+'d) (?:really |just |also )?(?:like|love|prefer|rather|welcome|appreciate|benefit|help)|"
    r"if only|hopefully|hoping|if possible|please|one day|could do with|would it be|"
    r"(?:would|'d) (?:have been|be) (?:so |really |very |more |a )?(?:good|nice|great|helpful|useful|better|handy|"
    r"welcomed?|ideal|cool|easier|brilliant|lovely|fun|appreciated|possible)|"
    rf"is (?:it|there) (?:ok|okay|alright|possible|any)|(?:can|could|would|should|may) {_WHO}|"
    rf"{_WHO} (?:should|could (?:do|have|offer|be))|[a-z]+s should|(?:recommend|suggest) (?:that|a|an|the|more))\b",
)
_BEGINS = re.compile(
    r"(?:and |but |also |maybe |perhaps |or |to )?(?:please |just |only |always )*"
    r"(?:put|tell|let|make|give|do|have|bring|keep|ask|send|show|use|start|get|add|try|offer|more|less|fewer|longer|"
    r"earlier|post|ring|call|text|come|allow|teach|help|write|pick|move|change|bigger|smaller|shorter|consider|"
    r"invite|share|include|provide|let's|another|extra|(?:a few|some) more)\b",
)
# Told of what somebody did, or of what was said, wished and could not be.
_TOLD = re.compile(
    rf"\b{_THEY} (?:\w+ )?(?:let|gave|gives?|lets)\b|\b(?:said|told|asked|wrote|in writing)\b|"
    r"\b(?:say|says|saying|tell|ask|know|knows|what|how|when|whenever|where) (?:what |that |if )?"
    r"(?:i|we|he|she|they|you) (?:\w+ )?(?:want|would|wish|could|can|should|like)|"
    r"^(?:i |we |he |she |they )?(?:can't|cannot|couldn't|could not|could (?:see|hear|smell|feel|tell|follow))\b",
)
_LEAST = re.compile(
    r"least|worse|dislike|(?:not|didn't).?(?:like|help|go)", re.IGNORECASE
)  # asks for faults, not for change
_HAPPENED = re.compile(
    r"\b(?:was|were|had|did|didn't|went|came|got|said|told|has|is|are|isn't|aren't|don't|doesn't|attended|"
    r"worked|moved|left|asked|(?:no|nothing|none|nope)\b(?! more))\b",
)


def way_of(theme: ThemeMatch, reading: Reading, comment: Comment) -> str:
    """Return how a theme is spoken of, as a code says it.

    Args:
        theme: one of the reading's themes.
        reading: what was read in the comment.
        comment: the comment.

    Returns:
        Its polarity; `wish` where it is spoken of neither well nor ill, and wished for.
    """
    return WISH if theme.polarity == "neutral" and _is_wished_for(theme, reading, comment) else theme.polarity


def _is_wished_for(theme: ThemeMatch, reading: Reading, comment: Comment) -> bool:
    if reading.concern.reasons:
        return False  # who tells of harm may ask for help: a person looks today, and no Board weighs it as a wish
    normalised = normalise(comment.text)
    near = [
        clause.text
        for clause in clauses(normalised)
        for start, end in [normalised.original_span(clause.start, clause.end)]
        if theme.start < end and start < theme.end
    ]
    if any(_TOLD.search(text) for text in near):
        return False
    if any(_PLAINLY.search(text) for text in near):
        return True
    is_level, asked = reading.polarity.polarity == "neutral", leaning_of(comment.question, comment.respondent)
    if asked == "praise":
        return False
    if any(_BEGINS.match(text) for text in near) and (is_level or asked == "fault"):
        return True
    happened = any(_HAPPENED.search(text) for text in near)
    return (
        is_level
        and not happened
        and (theme.wish or (asked == "fault" and _LEAST.search(comment.question or "") is None))
    )
