"""What is made once a run: by the first who asks, for every process, and anew where somebody was ended half-way."""

from pathlib import Path

from tests.support.once import once_a_run


def test_it_is_made_once_for_all_processes_of_a_run(tmp_path: Path) -> None:
    made: list[Path] = []
    for process in ("popen-gw0", "popen-gw1"):
        inside = tmp_path / process / "board0"
        inside.mkdir(parents=True)
        folder = once_a_run(inside, "year", made.append)
        assert folder == tmp_path / "once-year"
        assert folder.is_dir()
    assert len(made) == 1


def test_what_was_made_half_way_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "once-year-begun"
    half.mkdir()
    (half / "half").touch()
    folder = once_a_run(tmp_path / "board0", "year", lambda empty: (empty / "whole").touch())
    assert [file.name for file in folder.iterdir()] == ["whole"]
