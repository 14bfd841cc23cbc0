"""Draw the learning curve: how well themes are found after 0, 25, 50, 100 and 500 corrections by people.

Why: the promise is that learning never makes reading worse than the rules alone. A person is simulated who reads
comments of strangers one after another, presses “right” where the rules are right and corrects them where they are not;
what was learned is then tried on comments that nobody coded. The shipped model is left out on both sides: it has
learned from these very comments.
May not: look at the locked comments.
"""

import json
import random
from collections import Counter
from pathlib import Path

from hscb_voice.language.analyse import comment_from
from hscb_voice.language.codebook import Codebook, default_codebook
from hscb_voice.language.learned_themes import peoples_model_from
from hscb_voice.language.learning import learn
from hscb_voice.language.learning_features import Known, known_of
from hscb_voice.language.lessons import Labels, Lessons
from hscb_voice.language.scoring import Counts
from hscb_voice.language.suggesting import OWNERS_AT_LEAST

CORPUS = Path(__file__).parent / "corpus"
AUTHORS = ("five", "nine")
STEPS = (0, 25, 50, 100, 500)
TRIED_ON = 400
SEED = 20261123
Read = tuple[Known, frozenset[str]]  # what the rules read, and what the author coded


def read_all(book: Codebook) -> list[Read]:
    """Read the authors' comments by the rules alone, in an order that is shuffled but always the same."""
    lines = [line for author in AUTHORS for line in (CORPUS / f"{author}.jsonl").read_text("utf-8").splitlines()]
    random.Random(SEED).shuffle(lines)  # noqa: S311 - an order, not a secret
    rows = [json.loads(line) for line in lines]
    return [(known_of(comment_from(row), book, with_shipped=False), frozenset(row["themes"])) for row in rows]


def macro_f1(said: list[frozenset[str]], so: list[frozenset[str]], book: Codebook) -> float:
    """Return macro-F1 over the themes that occur."""
    each = [
        Counts(
            sum(theme in a and theme in b for a, b in zip(said, so, strict=True)),
            sum(theme in a for a in said),
            sum(theme in b for b in so),
        ).f1
        for theme in book.theme_ids()
        if any(theme in b for b in so)
    ]
    return sum(each) / len(each)


def found_by_rules(known: Known) -> frozenset[str]:
    """Return the themes that the rules found."""
    return frozenset(theme.id for theme in known.reading.themes)


def taught(read: list[Read], corrections: int, book: Codebook) -> tuple[list[frozenset[str]] | None, int, int]:
    """Teach until so many comments have been corrected, and read the comments kept back.

    Args:
        read: comments to be coded, in order; the last `TRIED_ON` are kept back.
        corrections: comments whose themes the person changes.
        book: the codebook.

    Returns:
        Themes found in each comment kept back (None when too few comments are there to correct), how many comments
        the person coded, and for how many themes a model speaks.
    """
    lessons, corrected, coded = Lessons(), Counter[str](), 0
    changed = 0
    for number, (known, themes) in enumerate(read[:-TRIED_ON]):
        if changed == corrections:
            break
        found = found_by_rules(known)
        lessons.add(known.features, Labels(themes, "neutral", found, "neutral"), str(number))
        corrected.update(themes ^ found)
        changed += themes != found
        coded += 1
    kept_back = read[-TRIED_ON:]
    if changed < corrections:
        return None, coded, 0
    if not coded:
        return [found_by_rules(known) for known, _ in kept_back], 0, 0
    learned = learn(lessons, book.theme_ids(), seen_by=OWNERS_AT_LEAST, corrected=dict(corrected), cautious=True)
    people = peoples_model_from(learned.packed)
    said = []
    for known, _ in kept_back:
        found, scores = found_by_rules(known), people.model.scores(known.features)
        for theme in people.speaks_for():
            says_so = scores[f"theme:{theme}"] > people.model.thresholds[f"theme:{theme}"]
            kept = theme in found and not people.parts[theme].removes
            found = found | {theme} if says_so or kept else found - {theme}
        said.append(found)
    return said, coded, len(people.speaks_for())


def main() -> int:
    """Print the curve.

    Returns:
        The exit code: 1 when any step is worse than the rules alone.
    """
    book = default_codebook()
    read = read_all(book)
    so = [themes for _, themes in read[-TRIED_ON:]]
    rules = macro_f1([found_by_rules(known) for known, _ in read[-TRIED_ON:]], so, book)
    print(f"learning curve on {TRIED_ON} comments that nobody coded: theme macro-F1, rules alone {rules:.3f}")
    worse = False
    for step in STEPS:
        said, coded, speaking = taught(read, step, book)
        if said is None:
            print(f"  {step:>4} corrections: too few comments to correct")
            continue
        score = macro_f1(said, so, book)
        worse = worse or score < rules
        print(f"  {step:>4} corrections ({coded:>4} comments coded): {score:.3f}, models for {speaking} themes")
    return int(worse)


if __name__ == "__main__":
    raise SystemExit(main())
