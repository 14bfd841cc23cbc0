"""Sentences and clauses, the stretches in which one feeling is read."""

from hypothesis import given
from hypothesis import strategies as st

from hscb_voice.language.clauses import clauses, sentences
from hscb_voice.language.normalise import normalise


def test_it_starts_a_clause_at_a_word_of_contrast() -> None:
    found = [clause.text for clause in clauses(normalise("She was kind but always late, although she rang"))]
    assert found == ["she was kind", "but always late", "although she rang"]


def test_it_ends_a_sentence_at_its_marks_and_at_a_new_line() -> None:
    assert [one.text for one in sentences(normalise("Good!! Really?\nyes"))] == ["good!!", "really?", "yes"]


def test_it_does_not_cut_a_time_in_two() -> None:
    assert len(sentences(normalise("Come at 3.30 please"))) == 1


def test_it_finds_nothing_in_an_empty_comment() -> None:
    assert clauses(normalise("  \n ")) == ()


@given(st.text(alphabet="ab .!?;,-\nbut", max_size=80))
def test_clauses_follow_each_other_and_never_overlap(text: str) -> None:
    n = normalise(text)
    at = 0
    for clause in clauses(n):
        assert at <= clause.start < clause.end <= len(n.text)
        assert clause.text == n.text[clause.start : clause.end]
        at = clause.end
