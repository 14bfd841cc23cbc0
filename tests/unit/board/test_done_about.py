"""What was done about what people said, in the two lines that stand at the head of the Board's overview."""

from datetime import UTC, datetime

from hscb_voice.actions.queries import ActionLine, Answering
from hscb_voice.actions.statuses import Origin, Status
from hscb_voice.board.done_about import done_sentences

NOTHING = Answering(0, 0, None)


def _action(status: Status) -> ActionLine:
    made = datetime(2026, 11, 1, tzinfo=UTC)
    return ActionLine(
        id="1",
        origin=Origin.HAND,
        theme="",
        service="",
        said="Visits come late",
        goes_to="",
        status=status,
        doing="",
        because="",
        evidence="",
        outcome="",
        owner_id=None,
        due=None,
        made_at=made,
        decided_at=None,
        ended_at=None,
        published_at=None,
        invented=False,
    )


def test_it_says_how_many_themes_were_answered_and_how_soon() -> None:
    assert done_sentences(Answering(5, 3, 12.4), ()) == (
        "Of 5 themes that many wanted changed, 3 got a decision, half of them within 12 days.",
    )
    assert done_sentences(Answering(1, 0, None), ()) == ("Of 1 theme that many wanted changed, 0 got a decision.",)


def test_it_says_what_came_of_what_was_taken_up() -> None:
    acted = [_action(status) for status in (Status.ASKED, Status.DONE, Status.DONE, Status.CANNOT)]
    assert done_sentences(NOTHING, acted) == (
        "4 things were taken up in this time: 2 done, 1 refused with a reason and 1 waiting for a decision.",
    )
    assert done_sentences(NOTHING, [_action(Status.PLANNED)]) == ("1 thing was taken up in this time: 1 planned.",)


def test_it_says_so_when_nothing_was_done() -> None:
    assert done_sentences(NOTHING, ()) == ("Nothing was decided or done in this period.",)
