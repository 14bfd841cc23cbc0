"""A spreadsheet's rows become answers only after a yes, each once, and go again while nobody has seen them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from hscb_voice.foundation.clock import SetClock
from hscb_voice.foundation.jobs import Job
from hscb_voice.foundation.keys import KeyRing
from hscb_voice.foundation.platform import Platform
from hscb_voice.paper.printing import printable_form
from hscb_voice.questionnaires.definition import Kind
from hscb_voice.responses.models import Response, Tally
from hscb_voice.responses.queries import EVERY_TEAM, response_by_id
from hscb_voice.responses.reading_list import mark_response_read
from hscb_voice.responses.service import SCREEN_JOB
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.queries import concerns_of
from hscb_voice.uploads import service
from hscb_voice.uploads.columns import columns_of, mapped
from hscb_voice.uploads.errors import FileRefusedError, NotNowUploadError, UnknownUploadError
from hscb_voice.uploads.judging import Asked, Judged, judge
from hscb_voice.uploads.models import Upload
from hscb_voice.uploads.queries import UploadSummary, contents_of, counts_of, outcomes_of, upload_by_id
from hscb_voice.uploads.service import BRING_JOB, FORGET_JOB, UNDO_JOB
from hscb_voice.uploads.tables import read_table
from hscb_voice.uploads.workbooks import template
from tests.support.people import TEAM

PERSON = "11111111-1111-4111-8111-111111111111"
GOOD = "id;month;q2;q2a;answered\na;October 2026;Happy; She was kind;I did it by myself\nb;;scared;;\n"


def asked(platform: Platform, slug: str = "support-worker-child", team: str = TEAM) -> Asked:
    today = platform.clock.today()
    with platform.database.reading() as connection:
        return Asked(printable_form(connection, slug), team, "Family support", today.replace(day=1), today)


def judged(platform: Platform, text: str, slug: str = "support-worker-child", team: str = TEAM) -> Judged:
    return judge(read_table(text.encode()), asked(platform, slug, team), text.encode(), platform.keys)


def brought(platform: Platform, text: str, slug: str = "support-worker-child", team: str = TEAM) -> UploadSummary:
    """Bring a file and look at it."""
    with platform.database.writing() as connection:
        rows = judged(platform, text, slug, team)
        where = asked(platform, slug, team)
        upload_id = service.keep_preview(connection, rows, where, PERSON, platform.keys, platform.clock)
        return upload_by_id(connection, PERSON, upload_id)


def said_yes(platform: Platform, text: str, **more: str) -> UploadSummary:
    """Bring a file, say yes, and have everything done."""
    upload = brought(platform, text, **more)
    with platform.database.writing() as connection:
        service.begin(connection, upload, platform.clock)
    return finished(platform, upload, BRING_JOB)


def finished(platform: Platform, upload: UploadSummary, kind: str) -> UploadSummary:
    while platform.jobs.run_for(upload.id, [kind]):
        pass
    with platform.database.reading() as connection:
        return upload_by_id(connection, PERSON, upload.id)


def number_of(platform: Platform, table: Any) -> int:
    with platform.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def ids(platform: Platform, upload: UploadSummary) -> list[str]:
    with platform.database.reading() as connection:
        return [str(one.response_id) for one in outcomes_of(connection, upload.id, ("kept",))]


def test_nothing_is_kept_before_somebody_says_yes_and_then_all_of_it_with_its_setting(platform: Platform) -> None:
    upload = brought(platform, GOOD)
    assert (upload.ready, upload.refused, number_of(platform, Response)) == (2, 0, 0)
    with platform.database.writing() as connection:
        service.begin(connection, upload, platform.clock)
    upload = finished(platform, upload, BRING_JOB)
    assert upload.state == "done"
    first, second = ids(platform, upload)
    with platform.database.reading() as connection:
        kept = response_by_id(connection, EVERY_TEAM, first)
        assert (kept.channel, kept.team, kept.service, kept.span_start.month) == ("import", TEAM, "Family support", 10)
        assert kept.answers == {"q2": ["happy"], "answered": "by_myself"}
        assert [one.text for one in comments_of(connection, platform.keys, [first])] == ["She was kind"]
        assert len(concerns_of(connection, EVERY_TEAM, second)) == 1  # raised with the row itself
        assert contents_of(connection, platform.keys, upload.id).ready == ()


def test_words_of_a_preview_stand_only_sealed(platform: Platform) -> None:
    upload = brought(platform, GOOD)
    with platform.database.reading() as connection:
        row = connection.execute(select(*Upload.__table__.columns).where(Upload.id == upload.id)).one()
        assert b"kind" not in row.sealed
        assert "kind" in json.dumps(contents_of(connection, platform.keys, upload.id).ready)


def test_the_same_file_again_counts_nothing_twice_and_a_changed_row_is_refused(platform: Platform) -> None:
    said_yes(platform, GOOD)
    tallies = number_of(platform, Tally)
    again = said_yes(platform, GOOD.replace("b;;scared", "b;;sad"))
    assert (number_of(platform, Response), number_of(platform, Tally)) == (2, tallies)
    with platform.database.reading() as connection:
        assert counts_of(connection, again.id) == {"known": 1, "refused": 1}
        left = contents_of(connection, platform.keys, again.id).refused
    assert [(row["number"], "with other answers" in row["faults"][0][1]) for row in left] == [(3, True)]
    without_ids = "q2;q2a\nHappy;Good\nHappy;Good\n"
    for _ in range(2):
        said_yes(platform, without_ids)
    assert number_of(platform, Response) == 4


def test_the_same_id_of_another_team_is_another_row(platform: Platform) -> None:
    said_yes(platform, GOOD)
    said_yes(platform, GOOD, team="South team")
    assert number_of(platform, Response) == 4


def test_a_large_file_goes_part_by_part_and_a_stop_between_loses_and_doubles_nothing(platform: Platform) -> None:
    rows = "".join(f"{number};Happy\n" for number in range(120))
    upload = brought(platform, "id;q2\n" + rows)
    with platform.database.writing() as connection:
        service.begin(connection, upload, platform.clock)
    platform.jobs.run_for(upload.id, [BRING_JOB])
    with platform.database.reading() as connection:
        assert upload_by_id(connection, PERSON, upload.id).done == number_of(platform, Response) == 50
    with platform.database.writing() as connection:  # a second job of the same upload, as a crash may leave it
        service.bring_part(connection, upload.id, keys=platform.keys, clock=platform.clock)
    assert finished(platform, upload, BRING_JOB).state == "done"
    assert number_of(platform, Response) == 120


def test_yes_is_said_only_once(platform: Platform) -> None:
    upload = brought(platform, GOOD)
    with platform.database.writing() as connection:
        service.begin(connection, upload, platform.clock)
    for act in (service.begin, service.begin_to_undo):
        with pytest.raises(NotNowUploadError), platform.database.writing() as connection:
            act(connection, upload, platform.clock)


def test_what_is_dropped_or_forgotten_after_an_hour_leaves_nothing(platform: Platform, clock: SetClock) -> None:
    dropped, forgotten = brought(platform, GOOD), brought(platform, GOOD)
    with platform.database.writing() as connection:
        service.drop(connection, dropped)
    clock.pass_time(timedelta(minutes=59))
    platform.jobs.run_due()
    assert number_of(platform, Upload) == 1
    clock.pass_time(timedelta(minutes=2))
    platform.jobs.run_all_due()
    assert (number_of(platform, Upload), number_of(platform, Response)) == (0, 0)
    with pytest.raises(UnknownUploadError), platform.database.reading() as connection:
        upload_by_id(connection, PERSON, forgotten.id)


def test_what_was_brought_in_stays_when_the_upload_is_forgotten_a_day_later(
    platform: Platform, clock: SetClock
) -> None:
    upload = said_yes(platform, GOOD)
    for _ in range(3):
        clock.pass_time(timedelta(hours=9))
        platform.jobs.run_due(kinds=[FORGET_JOB])
    assert (number_of(platform, Upload), number_of(platform, Response)) == (0, 2)
    with platform.database.reading() as connection:
        assert connection.execute(select(Job.id).where(Job.subject_id == upload.id)).first() is None


def test_a_whole_file_is_undone_but_for_what_somebody_read_or_what_raised_a_concern(platform: Platform) -> None:
    upload = said_yes(platform, GOOD + "c;;Sad;Late;\nd;;Okay;;\n")
    kept = ids(platform, upload)
    for one in kept:
        platform.jobs.run_for(one, [SCREEN_JOB])
    with platform.database.writing() as connection:
        mark_response_read(connection, kept[2], "a reader", platform.clock.now())
        service.begin_to_undo(connection, upload, platform.clock)
    assert finished(platform, upload, UNDO_JOB).state == "undone"
    with platform.database.reading() as connection:
        stays = outcomes_of(connection, upload.id, ("stays",))
        assert [one.number for one in stays] == [3, 4]
        assert "Somebody has read it" in stays[1].reason
        assert set(connection.execute(select(Response.id)).scalars()) == {kept[1], kept[2]}


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("a;;joyful;;;", "q2", "“joyful” is none of the answers"),
        ("a;soon;Happy;;;", "month", "Write a month"),
        ("a;December 2026;Happy;;;", "month", "still to come"),
        ("a;;Happy;;South team;", "team", "Bring another team's rows by themselves"),
        ("a;;;;;", "the row", "no answer"),
        ("a;;Happy;;;;;too much", "the row", "more cells than the header"),
        (f"a;;Happy;{'x' * 5001};;", "q2a", "longer than 5000 letters"),
        ("a;;Happy;;;xx", "language", "Write one of en"),
        ("=1+1;;Sad;;;", "", ""),
    ],
)
def test_what_is_wrong_is_said_for_each_cell(platform: Platform, row: str, column: str, told: str) -> None:
    found = judged(platform, f"id;month;q2;q2a;team;language\n{row}\n")
    if not column:  # in a CSV nothing is a formula: it is only a strange id
        assert found.refused == []
        return
    ((name, why),) = found.refused[0].faults
    assert name == column
    assert told in why


def test_all_faults_of_a_row_are_named_at_once_and_the_rest_goes_on(platform: Platform) -> None:
    found = judged(platform, "id;q2;month\na;joyful;soon\nb;Sad;\na;Happy;\nb;Happy;\n")
    assert [[name for name, _ in row.faults] for row in found.refused] == [["q2", "month"], ["id"]]
    assert [row.number for row in found.ready] == [3, 4]


@pytest.mark.parametrize(
    ("text", "told"),
    [("name;age\nx;7\n", "No column of this file is a question"), ("q2;q2\nHappy;Sad\n", "“q2” stands twice")],
)
def test_it_refuses_a_file_whose_columns_cannot_be_told(platform: Platform, text: str, told: str) -> None:
    with pytest.raises(FileRefusedError, match=told):
        judged(platform, text)


def test_headers_are_known_by_name_by_template_and_by_text_and_strangers_are_named(platform: Platform) -> None:
    columns = columns_of(asked(platform, "support-worker-parent").form.questions)
    labels = [column.label for column in columns]
    assert mapped(labels, columns).columns == columns
    header = ("Q3.1", " which of these are you? ", "Why refused", "Shoe size", "")
    found = mapped(header, columns)
    assert [column.name if column else None for column in found.columns] == ["q3.1", "carer", None, None, None]
    assert found.unknown == ("Shoe size",)


def test_an_answer_with_a_semicolon_in_its_own_text_is_taken_whole(platform: Platform) -> None:
    text = 'id,q4,q3.2,q4_own\n1,"Routines; Parenting (basic care; supervision); 16",Very Good,Cooking; Football\n'
    found = judged(platform, text, "support-worker-parent")
    assert found.ready[0].ready is not None
    expected = {"q3": {"2": "very_good"}, "q4": ["2", "3", "16"], "q4_own": ["Cooking", "Football"]}
    assert found.ready[0].ready["answers"] == expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_k1_without_the_key_nobody_can_try_out_whose_row_an_answer_is(platform: Platform) -> None:
    """A row's id may be a case's number, and without one the row is known by its words: neither can be tried out."""
    stranger = KeyRing({"2026-11": b"n" * 32})
    for text in (GOOD, "month;q2a\nOctober 2026;She was kind\n"):
        table, where = read_table(text.encode()), asked(platform)
        ours, again, theirs = (
            [row.ready["sitting_id"] for row in judge(table, where, text.encode(), keys).ready if row.ready]
            for keys in (platform.keys, platform.keys, stranger)
        )
        assert ours == again
        assert ours
        assert not set(ours) & set(theirs)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_template_filled_in_with_its_own_lists_is_taken(platform: Platform) -> None:
    for slug in ("support-worker-child", "support-worker-parent", "cidva-child-5-8", "cp-conference-child"):
        where = asked(platform, slug)
        columns = columns_of(where.form.questions)
        empty = template(columns, slug)
        with pytest.raises(FileRefusedError, match="no row below"):
            read_table(empty)
        cells = [_an_answer(column) for column in columns]
        text = "\t".join(column.label for column in columns) + "\n" + "\t".join(cells) + "\n"
        found = judge(read_table(text.encode()), where, text.encode(), platform.keys)
        assert [row.faults for row in found.refused] == []


def _an_answer(column: Any) -> str:
    if column.question is None:
        return {"month": "October 2026", "language": "en"}.get(column.name, "")
    texts = [text for _, text in column.options]
    if not texts:
        return "Some words"
    return "; ".join(texts) if column.question.kind in {Kind.SOME_OF, Kind.FACES_SET} else texts[-1]
