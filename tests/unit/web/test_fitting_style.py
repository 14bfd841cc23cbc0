"""A page's style leaves out what only other pages show, and nothing else."""

import re
from pathlib import Path

import pytest

from hscb_voice.web.fitting_style import SHOWN_BY_SOME_PAGES, fitting_style

HOUSE = Path(__file__).parents[3]
PAGE = '<html dir="ltr" class="adult"><p class="o few">'


@pytest.mark.parametrize(
    ("style", "fitted"),
    [
        (".o{a:b}.few{a:b}.faces{a:b}", ".o{a:b}.few{a:b}"),
        (".few .o,.faces .o{a:b}", ".few .o{a:b}"),
        (".o:is(.few,.x){a:b}.o{a:b}", ".o{a:b}"),
        ("@media print{.faces{a:b}}@media print{.faces,p{a:b}}", "@media print{p{a:b}}"),
        ('[dir="rtl"] .o{a:b}', ""),
        ("@keyframes k{to{a:b}}", "@keyframes k{to{a:b}}"),
        (".receipt{a:b}", ".receipt{a:b}"),
    ],
)
def test_only_what_the_page_has_no_use_for_is_left_out(style: str, fitted: str) -> None:
    assert fitting_style(style, PAGE) == fitted


def test_a_page_from_right_to_left_keeps_what_turns_it_round() -> None:
    style = '[dir="rtl"] .o{a:b}'
    assert fitting_style(style, PAGE.replace("ltr", "rtl")) == style


def test_a_look_says_its_own_values_where_the_usual_ones_stand() -> None:
    style = ":root{--a:1;--b:1}.adult{--a:2}.easy{--b:3}@media (x){:root{--a:4}.adult{--a:5}}p{a:b}"
    assert fitting_style(style, PAGE) == ":root{--a:2;--b:1}@media (x){:root{--a:5}}p{a:b}"


def test_no_script_and_no_reply_shows_a_class_that_may_be_left_out() -> None:
    scripts = [*(HOUSE / "static" / "js" / "respondent").glob("*.js"), HOUSE / "static" / "js" / "tablet" / "kiosk.js"]
    replies = [HOUSE / "templates" / "collect" / f"{name}.html" for name in ("already", "held", "thanks", "troubles")]
    replies += [HOUSE / "templates" / "components" / "respondent" / f"{name}.html" for name in ("help_lines", "kind")]
    replies.append(HOUSE / "templates" / "errors" / "respondent.html")
    told = re.compile(r"""(?:class=|className = |classList\.\w+\()["']?([^"'<>{}]+)""")
    shown = {
        name for file in (*scripts, *replies) for names in told.findall(file.read_text()) for name in names.split()
    }
    assert {"receipt", "kind", "said"} <= shown
    assert not shown & SHOWN_BY_SOME_PAGES
