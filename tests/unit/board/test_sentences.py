"""Sentences say what the figures show, no more, and are made anew from each number."""

from itertools import pairwise

import pytest

from hscb_voice.board.charts import diverging_bar, simple_bars
from hscb_voice.board.disclosure import Guarded, guard_one_each, guard_ticks
from hscb_voice.board.figures import Count, Distribution, Figures, Invented, QuestionFigures, _spread
from hscb_voice.board.periods import reporting_year
from hscb_voice.board.sentences import feelings_said, lean_of, percent, said_about, said_in
from hscb_voice.board.sureness import sure_sentences
from hscb_voice.questionnaires.definition import Kind, Option

SCALE = tuple(
    Option(key=text.lower().replace(" ", "_"), text=text, tone=tone)
    for text, tone in (("Very Good", 2), ("Good", 1), ("Okay", 0), ("Poor", -1), ("Terrible", -2))
)
FEELINGS = tuple(
    Option(key=text.lower(), text=text, tone=tone)
    for text, tone in (("Happy", 1), ("Sad", -1), ("Scared", -2), ("Okay", 0))
)


def row(counts: tuple[int, ...], skipped: int = 0, text: str = "Advice given to you") -> Distribution:
    """Return a guarded row of the five points."""
    return _spread("1", text, SCALE, guard_one_each(counts, skipped), sum(counts) + skipped)


def faces(counts: tuple[int, ...], base: int) -> Distribution:
    """Return a guarded set of feelings."""
    return _spread("", "How did it feel?", FEELINGS, guard_ticks(counts, base, 0), base)


def figures(*questions: QuestionFigures, responses: int = 30, invented: Invented = Invented.NONE) -> Figures:
    """Return figures of parents that hold some questions."""
    return Figures(
        slug="support-worker-parent",
        title="T",
        short_title="Parents",
        respondent="parent",
        period=reporting_year(2016),
        responses=responses,
        invited=None,
        questions=questions,
        top_throughout=None,
        invented=invented,
        invented_count=0,
        notes=(),
    )


def grid(*rows: Distribution) -> QuestionFigures:
    return QuestionFigures("q3", "What you thought", Kind.GRID, 30, rows)


def test_it_says_how_many_of_how_many_and_how_sure() -> None:
    lean = lean_of(row((14, 7, 0, 5, 0)))
    assert lean is not None
    assert said_about(lean, "parent") == (
        "Of 26 parents and carers, 21 said “Very Good” or “Good” to “Advice given to you” "
        "(81\u00a0%; likely between 62\u00a0% and 91\u00a0%)."
    )


def test_other_numbers_make_another_sentence() -> None:
    lean = lean_of(row((5, 6, 9, 0, 0)))
    assert lean is not None
    assert said_about(lean, "parent").startswith("Of 20 parents and carers, 11 said “Very Good” or “Good”")


def test_a_lower_bound_is_said_to_be_one() -> None:
    lean = lean_of(row((28, 0, 0, 2, 0)))
    assert lean is not None
    assert "at least 26 said “Very Good” or “Good” to" in said_about(lean, "parent")
    assert "(87\u00a0% or more)" in said_about(lean, "parent")


def test_it_says_when_the_share_is_of_all_who_sent_the_form() -> None:
    lean = lean_of(row((14, 9, 0, 0, 0), skipped=2))
    assert lean is None or "who sent the form" in said_about(lean, "parent")
    other = lean_of(row((14, 9, 3, 0, 0), skipped=2))
    assert other is not None
    assert said_about(other, "parent").startswith("Of 28 parents and carers who sent the form, 23 said")


def test_nothing_is_said_of_a_small_base() -> None:
    assert lean_of(row((5, 4, 0, 0, 0))) is None
    assert feelings_said(faces((6, 5, 0, 0), 8), "child") == ""
    assert said_in(figures(grid(row((5, 4, 0, 0, 0))), responses=9)) == ()


def test_feelings_are_told_as_a_set_and_hard_ones_are_not_left_out() -> None:
    told = feelings_said(faces((20, 9, 5, 12), 30), "child")
    assert told == (
        "Of 30 children and young people, 20 chose “Happy”, 12 “Okay” and 9 “Sad”; more than one feeling can be true. "
        "Harder feelings were chosen too: “Scared” by 5."
    )


def test_the_weakest_point_is_told_beside_the_strongest() -> None:
    told = said_in(figures(grid(row((20, 5, 0, 5, 0), text="Advice"), row((5, 5, 15, 5, 0), text="Visits"))))
    assert "“Advice”" in told[0]
    assert told[1].startswith("Least often: of 30 parents and carers, 10 said")


def test_nothing_is_claimed_of_a_row_that_is_hidden() -> None:
    rows = (
        row((20, 5, 0, 5, 0), text="Advice"),
        row((5, 5, 15, 5, 0), text="Visits"),
        row((2, 3, 20, 5, 0), text="Help"),
    )
    assert said_in(figures(grid(*rows)))[1].startswith("Least often, of what can be shown: of 30")


@pytest.mark.parametrize(
    ("share", "written"), [(0.0, "0 %"), (0.003, "under 1 %"), (0.5, "50 %"), (0.998, "over 99 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, written: str) -> None:
    assert percent(share) == written.replace(" %", "\u00a0%")


def test_a_hidden_count_has_no_bar() -> None:
    bar = diverging_bar(row((14, 7, 2, 2, 0)))
    assert [segment.count.key for segment in bar.segments] == ["good", "very_good"]
    assert all(segment.x >= 50 for segment in bar.segments)
    assert diverging_bar(row((5, 4, 0, 0, 0))).segments == ()


def test_the_middle_answer_stands_astride_and_the_bad_ones_to_the_left() -> None:
    segments = diverging_bar(row((10, 5, 10, 10, 5))).segments
    assert [segment.count.key for segment in segments] == ["terrible", "poor", "okay", "good", "very_good"]
    middle = segments[2]
    assert middle.x + middle.width / 2 == pytest.approx(50)
    assert all(a.x + a.width == pytest.approx(b.x, abs=0.02) for a, b in pairwise(segments))


def test_bars_are_as_wide_as_their_shares_and_feelings_have_no_best_or_worst() -> None:
    bars = simple_bars(faces((20, 9, 5, 12), 30), is_set=True)
    assert [bar.width for bar in bars] == [66.67, 30.0, 16.67, 40.0]
    assert {bar.look for bar in bars} == {"good", "poor", "middle"}


def test_it_says_how_sure_we_are() -> None:
    nothing = Distribution("", "", None, None, ())
    answered = QuestionFigures("answered", "", Kind.ONE_OF, None, (nothing,))
    told = " ".join(sure_sentences([figures(answered, responses=6)]))
    assert "Nobody noted how many people were invited" in told
    assert "Too few people ticked" in told
    assert "None of these answers are invented" in told
    assert sure_sentences([]) == ()
    told = " ".join(sure_sentences([figures(grid(row((20, 5, 0, 5, 0))), invented=Invented.ALL)]))
    assert "points wide" in told
    assert "All of these answers are invented" in told
    both = [figures(responses=6), figures(responses=6, invented=Invented.ALL)]
    assert "Some of these answers are invented" in " ".join(sure_sentences(both))


def test_who_filled_in_the_form_is_summed_only_over_what_is_shown() -> None:
    options = (Option(key="by_myself", text="Myself"), Option(key="together", text="Together"))
    shown = _spread("", "", options, guard_one_each((12, 8), 0), 20)
    hidden = _spread("", "", options, Guarded((None, None), (None, None), 20), 20)
    asked = [QuestionFigures("answered", "", Kind.ONE_OF, 20, (spread,)) for spread in (shown, hidden)]
    told = " ".join(sure_sentences([figures(one) for one in asked]))
    assert "Of 20 who said who filled in the form, 12 did it by themselves (60\u00a0%)." in told


def test_a_count_says_that_it_is_hidden() -> None:
    assert Count("a", "A", None).hidden
    assert not Count("a", "A", 0).hidden
