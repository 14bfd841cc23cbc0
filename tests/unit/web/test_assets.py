"""The staff pages' styles: installed once, without what belongs to gov.uk, at addresses that change with the file."""

import sys
from pathlib import Path

import pytest
from flask import Flask

from hscb_voice.web import assets
from hscb_voice.web.assets import asset_address, install_assets, own_styles
from hscb_voice.web.respondent_script import make_small, read_script

STYLES = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/x.woff2)}"
    ".a{font-family:GDS Transport,arial,sans-serif;color:red}"
    ".govuk-footer__copyright-logo:before{background-image:url(/assets/images/govuk-crest.svg)}"
    "@supports (mask-position:initial){.x:before{mask-image:url(/assets/images/govuk-crest.svg)}}"
    ".b{color:blue}/*# sourceMappingURL=govuk-frontend.min.css.map */"
)


def write_parts(static: Path) -> None:
    """Write the parts of a respondents' script."""
    parts = static / "js" / "respondent"
    parts.mkdir(parents=True)
    for name in ("leave", "walk", "hear"):
        (parts / f"{name}.js").write_text(f"// Says its name.\nsay( '{name}' );\n", encoding="utf-8")


class Npm:
    """Stands for npm: puts the package's files where npm would, and remembers how it was called."""

    def __init__(self, house: Path) -> None:
        """Remember where the house stands."""
        self.house, self.calls = house, list[tuple[str, ...]]()

    def __call__(self, *arguments: str) -> None:
        """Install the package's files."""
        self.calls.append(arguments)
        place = self.house / "node_modules" / "govuk-frontend" / "dist" / "govuk"
        place.mkdir(parents=True, exist_ok=True)
        (place / "govuk-frontend.min.css").write_text(STYLES, encoding="utf-8")
        (place / "govuk-frontend.min.js").write_text("export{};//# sourceMappingURL=x.map", encoding="utf-8")
        terser = self.house / "node_modules" / "terser" / "bin"
        terser.mkdir(parents=True, exist_ok=True)
        (terser / "terser").write_text("process.stdin.pipe(process.stdout)", encoding="utf-8")


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Npm:
    """A house in an empty folder, and an npm that fetches nothing."""
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    write_parts(tmp_path / "static")
    monkeypatch.setattr(assets, "_HOUSE", tmp_path)
    monkeypatch.setattr(assets, "_STATIC", tmp_path / "static")
    monkeypatch.setattr(assets, "_LOCK", tmp_path / "package-lock.json")
    monkeypatch.setattr(assets, "_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(assets, "_VENDOR", tmp_path / "static" / "vendor")
    fake = Npm(tmp_path)
    monkeypatch.setattr(assets, "_run_npm", fake)
    return fake


def test_the_typeface_and_the_crest_of_govuk_are_taken_out() -> None:
    assert own_styles(STYLES) == ".a{font-family:arial,sans-serif;color:red}.b{color:blue}"


def test_it_refuses_styles_in_which_something_of_govuk_is_left() -> None:
    with pytest.raises(ValueError, match="crown"):
        own_styles(".a{background:url(/assets/images/crown.svg)}")


def test_what_is_installed_here_asks_for_no_file_and_no_typeface() -> None:
    styles = Path(__file__).parents[3].joinpath("static/vendor/govuk-frontend.min.css").read_text(encoding="utf-8")
    assert "url(" not in styles
    assert "GDS" not in styles
    assert styles.count("{") == styles.count("}") > 1000


def test_assets_are_installed_once_and_again_only_when_the_lock_changes(npm: Npm) -> None:
    assert install_assets()
    assert not install_assets()
    vendor = npm.house / "static" / "vendor"
    assert (vendor / "govuk-frontend.min.js").read_text(encoding="utf-8") == "export{};"
    (npm.house / "package-lock.json").write_text('{"changed": true}', encoding="utf-8")
    assert install_assets()
    assert npm.calls == [("ci", "--omit=dev")] * 2


def test_test_tools_come_when_asked_for_and_stay(npm: Npm) -> None:
    install_assets()
    assert install_assets(with_test_tools=True)
    assert not install_assets(with_test_tools=True)
    assert npm.calls == [("ci", "--omit=dev"), ("ci",)]


def test_a_file_that_was_removed_is_installed_again(npm: Npm) -> None:
    install_assets(with_test_tools=True)
    (npm.house / "static" / "vendor" / "govuk-frontend.min.css").unlink()
    assert install_assets(with_test_tools=True)


def test_the_command_says_plainly_what_went_wrong(npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: str) -> None:
        message = "npm ci did not succeed: no network"
        raise RuntimeError(message)

    monkeypatch.setattr(sys, "argv", ["assets", "--with-test-tools"])
    assets.main()
    assert npm.calls == [("ci",)]
    (npm.house / "package-lock.json").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(assets, "_run_npm", fails)
    with pytest.raises(SystemExit, match="no network"):
        assets.main()


def test_the_small_script_stands_for_the_parts_only_as_long_as_they_are_the_same(npm: Npm) -> None:
    static = npm.house / "static"
    plain = read_script(static)
    assert plain == "say('leave');\nsay('walk');\nsay('hear');"
    install_assets()
    assert read_script(static) != plain
    (static / "js" / "respondent" / "walk.js").write_text("other();", encoding="utf-8")
    assert read_script(static) == "say('leave');\nother();\nsay('hear');"
    assert install_assets()
    assert "other()" in read_script(static)


def test_it_is_told_when_the_script_could_not_be_made_small(npm: Npm) -> None:
    npm("ci")
    (npm.house / "node_modules" / "terser" / "bin" / "terser").write_text("throw Error('not today')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="not today"):
        make_small(npm.house / "static", npm.house / "node_modules")


def test_npm_itself_is_run_and_its_refusal_is_told() -> None:
    with pytest.raises(RuntimeError, match="npm there-is-no-such-command did not succeed"):
        assets._run_npm("there-is-no-such-command")
    assets._run_npm("--version")


def test_a_files_address_changes_with_the_file(tmp_path: Path) -> None:
    app = Flask("small", static_folder=str(tmp_path), static_url_path="/static")
    (tmp_path / "a.css").write_text("a", encoding="utf-8")
    with app.test_request_context():
        first = asset_address("a.css")
        (tmp_path / "a.css").write_text("other", encoding="utf-8")
        assert first.startswith("/static/a.css?v=")
        assert asset_address("a.css") != first
        assert asset_address("none.css") == "/static/none.css"
