"""Leaves out of a page's style what only other pages show, so that it weighs less on a slow line.

Only what is listed here is ever left out: what belongs to one look, to one way of answering, or to the front door. What
a script shows later, and what a reply brings that takes a form's place, stays in every style.
"""

import re
from collections.abc import Iterator

# Classes that no script adds, and that a reply to a form has only if the form has them too.
SHOWN_BY_SOME_PAGES = frozenset(
    {
        *("young_child", "young_person", "adult", "easy"),
        *("faces", "few", "many", "pair", "row", "pic", "p", "v", "x"),
        *("door", "hello", "demo"),
    }
)
# All of them are the page's outermost element, which wears at most one look, and easy mode over it.
_VALUES_OF_A_LOOK = frozenset({":root", ".young_child", ".young_person", ".adult", ".easy"})
_CLASSES_OF_TAG = re.compile(r'\bclass="([^"]*)"')
_TO_THE_LEFT = 'dir="rtl"'
_NAMED_BY_RULE = re.compile(r'(?<=\.)[a-z]\w*|dir="rtl"')
_BRACE = re.compile(r"[{}]")
_COMMA = re.compile(r",(?![^(]*\))")  # between two selectors, not within :is(…)


def fitting_style(style: str, html: str) -> str:
    """Return a style without the rules that a page has no use for.

    Args:
        style: without comments.
        html: the page.

    Returns:
        The rules that may matter to the page, in their order.
    """
    shown = {name for classes in _CLASSES_OF_TAG.findall(html) for name in classes.split()}
    absent = SHOWN_BY_SOME_PAGES - shown
    return _with_one_look(_fitting(style, absent if f" {_TO_THE_LEFT}" in html else absent | {_TO_THE_LEFT}))


def _fitting(style: str, absent: frozenset[str]) -> str:
    kept: list[str] = []
    for head, body in _rules(style):
        if head.startswith("@media"):
            inside = _fitting(body, absent)
            kept += [f"{head}{{{inside}}}"] if inside else []
            continue
        wanted = [each for each in _COMMA.split(head) if absent.isdisjoint(_NAMED_BY_RULE.findall(each))]
        kept += [f"{','.join(wanted)}{{{body}}}"] if wanted else []
    return "".join(kept)


def _with_one_look(style: str) -> str:
    """Say a look's own values where the usual ones stand, which they would only take back."""
    kept: list[str] = []
    values: dict[str, str] = {}
    for head, body in _rules(style):
        if head.startswith("@media"):
            kept.append(f"{head}{{{_with_one_look(body)}}}")
        elif head in _VALUES_OF_A_LOOK:
            values |= dict(each.split(":", 1) for each in body.split(";"))
        else:
            kept.append(f"{head}{{{body}}}")
    said = ";".join(f"{name}:{value}" for name, value in values.items())
    return "".join([f":root{{{said}}}" if values else "", *kept])


def _rules(style: str) -> Iterator[tuple[str, str]]:
    """Take a style apart: before and within the braces of each rule."""
    depth = start = opened = 0
    for brace in _BRACE.finditer(style):
        if brace.group() == "{":
            opened = opened if depth else brace.start()
            depth += 1
            continue
        depth -= 1
        if not depth:
            yield style[start:opened], style[opened + 1 : brace.start()]
            start = brace.end()
