"""Figures are kept up in the answer's own transaction, for every kind of answer."""

from sqlalchemy import select

from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses import tallies
from hscb_voice.responses.models import Tally
from hscb_voice.responses.service import Setting, span_of
from tests.support.answering import CHILD, keep_answer

Counts = dict[tuple[str, str, str], int]
CAME = (("came:channel", "", "link"), ("came:language", "", "en"))  # how every answer of these tests came


def _counts(platform: Platform, **where: object) -> Counts:
    query = select(Tally.question, Tally.row, Tally.choice, Tally.n).filter_by(**where)
    with platform.database.reading() as connection:
        return {(row.question, row.row, row.choice): row.n for row in connection.execute(query)}


def test_a_set_of_faces_counts_each_face_and_everyone_who_answered(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["happy", "scared"]})
    keep_answer(platform, {"q2": ["happy"]})
    keep_answer(platform, {"q3": "sometimes"})
    assert _counts(platform) == {
        ("", "", ""): 3,
        ("q2", "", ""): 2,
        ("q2", "", "happy"): 2,
        ("q2", "", "scared"): 1,
        ("q3", "", ""): 1,
        ("q3", "", "sometimes"): 1,
        **dict.fromkeys(CAME, 3),
    }


def test_a_grid_counts_each_row_by_its_own_base(platform: Platform) -> None:
    keep_answer(platform, {"q3": {"1": "good", "2": "poor"}}, slug="support-worker-parent")
    keep_answer(platform, {"q3": {"1": "good"}}, slug="support-worker-parent")
    assert _counts(platform, question="q3") == {
        ("q3", "", ""): 2,
        ("q3", "1", ""): 2,
        ("q3", "1", "good"): 2,
        ("q3", "2", ""): 1,
        ("q3", "2", "poor"): 1,
    }


def test_words_are_counted_only_as_answered(platform: Platform) -> None:
    keep_answer(platform, {"q4_own": ["Bedtimes", "Shopping"], "q6": "Nothing."}, slug="support-worker-parent")
    told = {("", "", ""): 1, ("q4_own", "", ""): 1, ("q6", "", ""): 1}
    assert _counts(platform) == told | dict.fromkeys(CAME, 1)


def test_responses_are_kept_apart_by_service_age_helper_and_invention(platform: Platform) -> None:
    told = {"q2": ["sad"], "age_band": "10_to_14", "answered": "by_myself"}
    keep_answer(platform, told, setting=Setting(service="A"))
    keep_answer(platform, told, setting=Setting(service="B"))
    keep_answer(platform, told, setting=Setting(service="B"), invented=True)
    keep_answer(platform, {**told, "answered": "together"}, setting=Setting(service="B"))
    assert _counts(platform, question="", service="A") == {("", "", ""): 1}
    for apart in ({"invented": True}, {"answered": "together", "service": "B"}):
        assert _counts(platform, question="", age_band="10_to_14", **apart) == {("", "", ""): 1}


def test_what_was_answered_is_not_kept_apart_by_service_age_or_helper(platform: Platform) -> None:
    for service, age in (("A", "10_to_14"), ("B", "5_to_9")):
        keep_answer(
            platform, {"q2": ["sad"], "age_band": age, "answered": "by_myself"}, setting=Setting(service=service)
        )
    plain = {"service": "", "age_band": "", "answered": ""}
    assert _counts(platform, question="q2", choice="sad", **plain) == {("q2", "", "sad"): 2}
    assert _counts(platform, question="age_band", choice="5_to_9", **plain) == {("age_band", "", "5_to_9"): 1}


def test_what_is_taken_back_is_counted_back(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2": ["sad"]})
    with platform.database.writing() as connection:
        definition = current_version(connection, CHILD).definition
        row = connection.execute(select(Tally.slug, Tally.span_start, Tally.span_end).limit(1)).one()
        span = span_of(
            {
                **row._mapping,
                "respondent": "child",
                "service": "",
                "invented": False,
                "answers": {"q2": ["sad"]},
            }
        )
        cells = [*tallies.cells_of(definition, {"q2": ["sad"]}), *tallies.cells_of_arrival("link", "en")]
        tallies.add(connection, span, cells, -1)
    assert kept.is_new
    assert set(_counts(platform).values()) == {0}


def test_a_cell_named_twice_counts_twice(platform: Platform) -> None:
    keep_answer(platform, {"q2": ["sad"]})
    with platform.database.writing() as connection:
        row = connection.execute(select(*Tally.__table__.columns).limit(1)).one()
        names = tallies.TallySpan.__dataclass_fields__
        span = tallies.TallySpan(**{name: getattr(row, name) for name in names})
        tallies.add(connection, span, [tallies.Cell("theme:safe", "", "positive")] * 2)
        tallies.add(connection, span, [])
    assert _counts(platform, question="theme:safe") == {("theme:safe", "", "positive"): 2}
