"""Learning from what people coded: the worker's job that trains a model and looks for phrases to suggest.

Why: every code that a person gave is an example. A model is tried on comments that it never saw and speaks only for
themes where it mends more than it spoils; people's own codes are never touched by it.
May not: run in a web process, keep a word that fewer than three responses used, or read anything but what people coded.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from hscb_voice.audit.service import PLATFORM, note
from hscb_voice.codebooks.queries import codebook_in_force
from hscb_voice.foundation.clock import Clock
from hscb_voice.foundation.database import upsert
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.jobs import Write
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import Codebook
from hscb_voice.language.language_guess import guess_language
from hscb_voice.language.learned_themes import POLARITY
from hscb_voice.language.learning_features import known_of
from hscb_voice.language.suggesting import OWNERS_AT_LEAST, Coded, Suggestion, suggestions
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import comments_of
from hscb_voice.themes.learning_models import LearnedModel, PatternSuggestion
from hscb_voice.themes.learning_queries import decided_suggestions
from hscb_voice.themes.models import CodedTheme, Coding
from hscb_voice.themes.service import PERSON, POLARITIES

_AT_ONCE = 200
_MODELS_KEPT = 10
_READ_LANGUAGE = "en"


@dataclass(frozen=True)
class _Example:
    """One comment as a person coded it, and as the machine reads it without anything learned."""

    comment_id: str
    coded: Coded
    polarity: str
    polarity_found: str
    features: object


def prepare_learning(connection: Connection, _subject: str, *, keys: KeyRing, clock: Clock) -> Write:
    """Train on everything that people have coded. It takes its time, so it happens before anything is written.

    Args:
        connection: a reading connection.
        _subject: always everything.
        keys: open the words.
        clock: tells when.

    Returns:
        What keeps the model and the suggestions; the same codes make the same model, and then nothing new is kept.

    Raises:
        KeyMissingError: the key that sealed some words is not here.
    """
    # Imported here: the factory names this handler in web processes too, and those never load scikit-learn.
    from hscb_voice.language.learning import learn  # noqa: PLC0415 - see above
    from hscb_voice.language.lessons import Labels, Lessons  # noqa: PLC0415 - see above

    book = codebook_in_force(connection)
    lessons, coded, corrected = Lessons(), list[Coded](), Counter[str]()
    for coding, features in _coded_by_people(connection, keys, book):
        labels = Labels(coding.coded.themes, coding.polarity, coding.coded.found, coding.polarity_found)
        lessons.add(features, labels, coding.coded.owner)
        coded.append(coding.coded)
        corrected.update(coding.coded.themes ^ coding.coded.found)
        corrected[POLARITY] += coding.polarity != coding.polarity_found
    if not coded:
        return lambda _: None
    ids = book.theme_ids()
    learned = learn(lessons, ids, seen_by=OWNERS_AT_LEAST, corrected=dict(corrected), cautious=True)
    found = suggestions(coded, book, decided_suggestions(connection))
    values = {
        "made_at": clock.now(),
        "codebook": str(book.version),
        "digest": learned.digest,
        "packed": learned.packed,
        "comments": len(coded),
        "responses": len({one.owner for one in coded}),
        "corrected": {name: n for name, n in sorted(corrected.items()) if n},
    }

    def keep(writing: Connection) -> None:
        number = _keep_model(writing, values, clock)
        _keep_suggestions(writing, found, number)

    return keep
