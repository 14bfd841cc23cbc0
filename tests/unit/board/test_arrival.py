"""By which way and in which language responses came, and how many came twice and differed, on both engines."""

from hscb_voice.board.counts import year_counts
from hscb_voice.board.periods import reporting_year
from hscb_voice.board.queries import SECOND, slices_of_arrival
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.tallies import CHANNEL, LANGUAGE
from tests.support.answering import keep_answer, keep_second_answer

SLUG = "support-worker-child"


def test_it_counts_ways_languages_and_second_answers_of_a_year(platform: Platform) -> None:
    kept = keep_answer(platform, {"q2": ["happy"]})
    keep_answer(platform, {"q2": ["sad"]})
    keep_second_answer(platform, {"q2": ["okay"]}, sitting_id=kept.response_id)
    with platform.database.reading() as connection:
        live = year_counts(connection, reporting_year(2026), (SLUG,))
        whole = slices_of_arrival(connection, reporting_year(2026), live)[SLUG][-1]
    assert whole[SECOND, "", "yes"] == 1
    assert whole[LANGUAGE, "", "en"] == 2
    assert sum(n for (name, _, _), n in whole.items() if name == CHANNEL) == 2
