"""Whatever happens to answers, in whatever order, every figure is what counting afresh would give, cell for cell."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hscb_voice.audit.queries import verify
from hscb_voice.board.periods import reporting_year
from hscb_voice.foundation.errors import VoiceError
from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.platform import Platform
from hscb_voice.governance.correcting import Correction, put_right
from hscb_voice.governance.erasing import Erasing, drop_old_words, erase
from hscb_voice.responses.models import Response
from hscb_voice.responses.queries import EVERY_TEAM
from hscb_voice.responses.recounting import recount
from hscb_voice.responses.service import READ_JOB, SCREEN_JOB, Setting
from hscb_voice.responses.tallies import is_own
from hscb_voice.responses.words import comments_of
from hscb_voice.safeguarding.queries import ConcernSummary, concerns_of
from hscb_voice.safeguarding.service import acknowledge, close, reopen
from hscb_voice.themes.service import PERSON, NewCoding, ThemeCode, keep_codings, withdraw_person_coding
from tests.support.answering import keep_answer, keep_second_answer
from tests.support.figures_afresh import counts_read_anew, counts_remembered, figures_afresh, figures_kept

ANSWERS: tuple[dict[str, Any], ...] = (
    {"q2": ["happy", "okay"], "q2a": "My worker listened to me and I feel safe now."},
    {"q2": ["scared"], "age_band": "10_to_14"},
    {"q2a": "I am scared of my step dad.", "answered": "by_myself"},
    {"q2": ["sad"], "q2a": "My worker changed again and I did not like it.", "age_band": "15_or_older"},
    {"talk": "yes"},
    {},
)
SERVICES = ("", "Family support")
YEAR = reporting_year(2026)  # in which the tests' clock stands


@dataclass
class Life:
    """One database in which things happen, and the sittings that there have been."""

    platform: Platform
    sittings: list[str] = field(default_factory=list)


def submit(life: Life, which: int, what: int) -> None:
    del which
    kept = keep_answer(life.platform, ANSWERS[what], setting=Setting(service=SERVICES[what % 2]))
    life.sittings.append(kept.response_id)


def send_again(life: Life, which: int, what: int) -> None:
    keep_answer(life.platform, ANSWERS[what], sitting_id=sitting_of(life, which))


def send_other(life: Life, which: int, what: int) -> None:
    keep_second_answer(life.platform, ANSWERS[what], sitting_id=sitting_of(life, which, must_stand=True))


def screen(life: Life, which: int, what: int) -> None:
    del what
    life.platform.jobs.run_for(sitting_of(life, which), [SCREEN_JOB])


def read(life: Life, which: int, what: int) -> None:
    del what
    life.platform.jobs.run_for(sitting_of(life, which), [SCREEN_JOB, READ_JOB])


def code(life: Life, which: int, what: int) -> None:
    with life.platform.database.writing() as connection:
        for comment in comments_of(connection, life.platform.keys, [sitting_of(life, which)]):
            theme = ThemeCode(("listened_to", "feeling_safe")[what % 2], "negative", 0, 2)
            coding = NewCoding(comment.id, PERSON, "somebody", "1", "negative", [theme], [])
            keep_codings(connection, comment.response_id, [coding], life.platform.clock.now())


def take_code_back(life: Life, which: int, what: int) -> None:
    del what
    with life.platform.database.writing() as connection:
        for comment in comments_of(connection, life.platform.keys, [sitting_of(life, which)]):
            withdraw_person_coding(connection, comment.id)


def move_concerns(life: Life, which: int, what: int) -> None:
    _each_concern(life, which, (_acknowledge, _close, _reopen)[what % 3])


def correct(life: Life, which: int, what: int) -> None:
    put_right(life.platform, Correction(sitting_of(life, which), {**ANSWERS[what]}, "somebody", "typed wrongly"))


def drop_words(life: Life, which: int, what: int) -> None:
    del what
    with life.platform.database.writing() as connection:
        drop_old_words(connection, sitting_of(life, which), life.platform.keys, life.platform.clock.now())


def take_back(life: Life, which: int, what: int) -> None:
    erase(life.platform, Erasing(sitting_of(life, which), "asked", "somebody", ("keep", "remove", "")[what % 3]))


def sitting_of(life: Life, which: int, *, must_stand: bool = False) -> str:
    sitting = life.sittings[which % len(life.sittings)] if life.sittings else new_id()
    with life.platform.database.session() as session:
        stands = session.get(Response, sitting) is not None
    if must_stand and not stands:
        message = "there is no such sitting"
        raise VoiceError(message)
    return sitting


def _each_concern(life: Life, which: int, step: Callable[[Life, Any, ConcernSummary], None]) -> None:
    with life.platform.database.writing() as connection:
        for concern in concerns_of(connection, EVERY_TEAM, sitting_of(life, which)):
            step(life, connection, concern)


def _acknowledge(life: Life, connection: Any, concern: ConcernSummary) -> None:
    acknowledge(connection, concern, "somebody", life.platform.clock)


def _close(life: Life, connection: Any, concern: ConcernSummary) -> None:
    if concern.state == "open":
        acknowledge(connection, concern, "somebody", life.platform.clock)
    close(connection, concern, "somebody", "spoke_with_child", life.platform.clock)


def _reopen(life: Life, connection: Any, concern: ConcernSummary) -> None:
    reopen(connection, concern, "somebody", life.platform.clock)


# What stands twice happens twice as often.
ACTS = (
    *(submit,) * 3,
    send_again,
    send_other,
    screen,
    *(read,) * 2,
    *(code,) * 2,
    take_code_back,
    *(move_concerns,) * 2,
    correct,
    drop_words,
    *(take_back,) * 2,
)
happenings = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, len(ANSWERS) - 1)), min_size=1, max_size=14
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(happenings)
def test_e1_figures_stay_true_through_any_mix_of_what_can_happen_to_answers(
    platform: Platform, acts: list[tuple[Callable[[Life, int, int], None], int, int]]
) -> None:
    life = Life(platform)
    for act, which, what in acts:
        with contextlib.suppress(VoiceError):  # what is refused must leave everything as it was
            act(life, which, what)
        with platform.database.reading() as connection:
            assert figures_kept(connection) == figures_afresh(connection), f"after {act.__name__}"
            assert counts_remembered(connection, YEAR) == counts_read_anew(connection, YEAR), f"after {act.__name__}"
    with platform.database.reading() as connection:
        before = figures_kept(connection)
        assert all(n > 0 for n in before.values())
        assert verify(connection).is_sound
    list(recount(platform.database))
    with platform.database.reading() as connection:
        after = figures_kept(connection)
    assert {key: n for key, n in after.items() if is_own(key[3])} == {k: n for k, n in before.items() if is_own(k[3])}
