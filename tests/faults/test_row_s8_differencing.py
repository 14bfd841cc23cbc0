"""Row S8: hidden small numbers by differencing. A year's pages are subtracted from each other, and solved together."""

import inspect
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hscb_voice.board import figures as door
from hscb_voice.board.concerns_counted import concerns_counted
from hscb_voice.board.counts import Raw
from hscb_voice.board.disclosure import Guarded
from hscb_voice.board.disclosure_network import Network
from hscb_voice.board.disclosure_side_by_side import REST, ROWS, WHOLE, guard_heads, guard_rows, with_whole
from hscb_voice.board.figures import Distribution, Figures, figures_of, figures_of_all
from hscb_voice.board.figures_json import as_json
from hscb_voice.board.overview import overview_of
from hscb_voice.board.periods import AskedPeriod, Period, quarter, reporting_year
from hscb_voice.board.queries import raw_slices
from hscb_voice.cli import main
from hscb_voice.foundation.platform import Platform
from hscb_voice.questionnaires.queries import published_slugs
from tests.support.attacking import Knowledge, a_year, all_open, forget_decisions, know, know_rows, publish
from tests.support.board_data import fill_2016_17

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PERIODS = {**{row: quarter(2016, row + 1) for row in range(4)}, WHOLE: reporting_year(2016)}
CONCERN = ("raised", "acknowledged", "acknowledged_in_time", "closed", "closed_in_time")
counts = st.one_of(st.integers(0, 6), st.integers(0, 25))


def test_row_s8_no_small_number_is_had_from_all_pages_of_a_year_together() -> None:
    chance = random.Random(8)  # noqa: S311 - repeatable years, no secrets
    years = [a_year(chance) for _ in range(400)]
    attacked = [know(year, publish(year)) for year in years]
    assert sum(len(known.targets) for known in attacked) > 5000
    assert [known.recovered() for known in attacked if known.recovered()] == []


def test_row_s8_without_the_complementary_step_the_attacker_finds_small_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(8)  # noqa: S311 - repeatable years, no secrets
    years = [a_year(chance) for _ in range(40)]
    monkeypatch.setattr(Network, "protect", lambda *_: True)
    forget_decisions()
    found = sum(len(know(year, publish(year)).recovered()) for year in years)
    forget_decisions()
    assert found > 20


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_row_s8_a_question_keeps_its_small_numbers_whatever_the_quarters_are(data: st.DataObject) -> None:
    places = data.draw(st.integers(2, 5))
    parts = data.draw(st.lists(st.lists(counts, min_size=places, max_size=places).map(tuple), min_size=5, max_size=5))
    rows = with_whole(tuple(parts))
    opens = tuple(row[0] for row in guard_heads(tuple((sum(row),) for row in rows)))
    shown = guard_rows(rows, opens)
    known = Knowledge()
    totals = [known.count(sum(row), shown=is_open, least=1) for row, is_open in zip(rows, opens, strict=True)]
    known.add_up(totals[-1], totals[:-1])
    know_rows(known, totals, rows, shown)
    assert known.recovered() == []


def test_row_s8_a_year_less_three_quarters_does_not_tell_the_fourth() -> None:
    rows = with_whole(((20, 8, 0), (18, 9, 0), (22, 7, 0), (25, 3, 0), (0, 0, 0)))
    shown = guard_rows(rows, all_open(rows))
    hidden = [row for row in range(ROWS) if row != REST and shown[row].counts[1] is None]
    assert 3 in hidden
    assert len(hidden) > 1


def test_row_s8_answers_known_only_by_their_year_are_not_told_by_what_is_left_of_it() -> None:
    rows = with_whole(((20, 8, 0), (18, 9, 0), (22, 7, 0), (25, 9, 0), (2, 1, 0)))
    shown = guard_rows(rows, all_open(rows))
    for place in (0, 1):
        assert any(shown[row].counts[place] is None for row in PERIODS)


def test_row_s8_a_questionnaire_too_small_in_one_quarter_is_not_told_by_the_year_nor_by_the_sum_of_all() -> None:
    opens = guard_heads(with_whole(((20, 12), (18, 14), (22, 11), (25, 3), (0, 0))))
    assert not opens[3][1]
    assert sum(not opens[row][1] for row in PERIODS) > 1
    for row in PERIODS:
        hidden = [place for place in range(3) if not opens[row][place]]
        assert len(hidden) != 1


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_row_s8_concerns_taken_up_are_not_told_by_the_other_quarters(data: st.DataObject) -> None:
    parts = []
    for _ in range(5):
        raised = data.draw(counts)
        taken = data.draw(st.integers(0, raised))
        ended = data.draw(st.integers(0, taken))
        parts.append((raised, taken, data.draw(st.integers(0, taken)), ended, data.draw(st.integers(0, ended))))
    rows = with_whole(tuple(parts))
    slices = [Raw({("concern:words", "", choice): n for choice, n in zip(CONCERN, row, strict=True)}) for row in rows]
    known = Knowledge()
    columns: list[list[int]] = [[] for _ in CONCERN]
    for at, row in enumerate(rows):
        one = concerns_counted({"event": slices}, at)[0]
        shown = (one.raised, one.acknowledged, one.in_time, one.ended, one.ended_in_time)
        assert all(n in {None, true} for n, true in zip(shown, row, strict=True)) or at == REST
        places = [known.count(n, shown=told is not None and at != REST) for n, told in zip(row, shown, strict=True)]
        for part, whole in ((1, 0), (2, 1), (3, 1), (4, 3)):
            known.add_up(places[whole], [places[part], known.count(row[whole] - row[part], shown=False)])
        for column, place in zip(columns, places, strict=True):
            column.append(place)
    for column in columns:
        known.add_up(column[-1], column[:-1])
    assert known.recovered() == []


def _every_view(platform: Platform) -> dict[int, dict[str, Figures]]:
    with platform.database.reading() as connection:
        slugs = published_slugs(connection)
        return {row: figures_of_all(connection, slugs, period) for row, period in PERIODS.items()}


def _told(views: dict[int, dict[str, Figures]], slug: str, key: str, line: int) -> list[Guarded]:
    told = []
    for row in range(ROWS):
        question = views[WHOLE if row == REST else row][slug].question(key)
        assert question is not None
        spread: Distribution = question.rows[line]
        nothing = (None,) * len(spread.counts)
        shown = Guarded(tuple(c.n for c in spread.counts), tuple(c.at_least for c in spread.counts), spread.base)
        told.append(Guarded(nothing, nothing, None) if row == REST else shown)
    return told


@ONE_ENGINE
def test_row_s8_what_the_door_gives_for_a_year_and_its_quarters_cannot_be_solved(platform: Platform) -> None:
    fill_2016_17(platform)
    views = _every_view(platform)
    with platform.database.reading() as connection:
        slices = raw_slices(connection, reporting_year(2016), list(views[WHOLE]))
    attacked = 0
    for slug, figures in views[WHOLE].items():
        for question in figures.questions:
            for line, spread in enumerate(question.rows if question.kind not in door.TICKS else ()):
                known = _known_of(slices[slug], views, slug, question.key, line, spread)
                attacked += len(known.targets)
                assert known.recovered() == [], (slug, question.key, spread.key)
    assert attacked > 300


def _known_of(
    slices: tuple[Raw, ...], views: dict[int, dict[str, Figures]], slug: str, key: str, line: int, spread: Distribution
) -> Knowledge:
    known = Knowledge()
    totals = []
    for row, raw in enumerate(slices):
        is_shown = row != REST and views[row][slug].responses is not None
        totals.append(known.count(raw.responses, shown=is_shown or not raw.responses, least=1))
    known.add_up(totals[-1], totals[:-1])
    rows = []
    for raw in slices:
        chosen = [raw.counts.get((key, spread.key, count.key), 0) for count in spread.counts]
        rows.append((*chosen, raw.responses - raw.counts.get((key, spread.key, ""), 0)))
    told = _told(views, slug, key, line)
    know_rows(known, totals, tuple(rows), told)
    return known


@ONE_ENGINE
def test_row_s8_every_way_out_gives_the_same_guarded_figures(
    platform: Platform, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_2016_17(platform)
    monkeypatch.setenv("VOICE_DATABASE_URL", platform.settings.database_url)
    monkeypatch.setenv("VOICE_SECRET_KEY", "a secret for tests that is long enough")
    monkeypatch.setenv("VOICE_KEYS", str(platform.settings.keys_folder))
    for row, views in _every_view(platform).items():
        period = PERIODS[row]
        with platform.database.reading() as connection:
            document = overview_of(connection, platform.keys, period)
            alone = {slug: figures_of(connection, slug, period) for slug in views}
        assert alone == views
        on_cards = {card.figures.slug: card.figures for group in document.groups for card in group.cards}
        assert on_cards | {one.slug: one for one in document.silent} == views
        assert document.conferences is not None
        assert document.conferences.review == views["cp-conference-parent-review"]
        assert _printed(capsys, period) == as_json(views["support-worker-child"], _asked(period))


def _asked(period: Period) -> AskedPeriod:
    return AskedPeriod(period.start, period.end, period)


def _printed(capsys: pytest.CaptureFixture[str], period: Period) -> object:
    days = ["--from", period.start.isoformat(), "--to", period.end.isoformat()]
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(["figures", "--questionnaire", "support-worker-child", *days, "--json"])
    assert not stopped.value.code
    return json.loads(capsys.readouterr().out)


def test_row_s8_no_way_out_takes_a_filter_or_reads_counts_past_the_door() -> None:
    for name in ("figures_of", "figures_of_all", "figures_from"):
        assert set(inspect.signature(getattr(door, name)).parameters) <= {
            "connection",
            "slug",
            "slugs",
            "period",
            "read",
        }
    room = Path(door.__file__).parent
    unguarded = ("raw_slices", "year_counts", "slices_of_arrival", "answered_in")
    past = {p.name for p in room.glob("*.py") if any(name in p.read_text() for name in unguarded)}
    assert past == {"counts.py", "queries.py", "shown.py", "splits.py"}
