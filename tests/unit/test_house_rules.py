"""The house's own rules, kept by machine: sizes, manners, and which part may import what."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent.parent
PACKAGE = HOUSE / "hscb_voice"
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_VIEW, LONGEST_TEMPLATE, LONGEST_CONFTEST = 400, 50, 25, 200, 150
LONGEST_FACTORY_FUNCTION = 40
WEB_LIBRARIES = {"flask", "flask_wtf", "wtforms", "flask_security", "flask_login"}
# Written by machine or meant to be one list of steps.
NOT_MEASURED = {"migrations"}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def python_files(*folders: str) -> list[Path]:
    return sorted(
        file for folder in folders for file in (HOUSE / folder).rglob("*.py") if "node_modules" not in file.parts
    )


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {
        node.attr
        for decorator in function.decorator_list
        for node in ast.walk(decorator)
        if isinstance(node, ast.Attribute)
    }
    return bool(names & {"route", "get", "post", "put", "delete", "patch"})


def imports(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def where(file: Path) -> str:
    return str(file.relative_to(HOUSE))


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = {
        where(f): n
        for f in python_files("hscb_voice", "tests", "bench")
        if (n := len(f.read_text().splitlines())) > LONGEST_MODULE
    }
    assert not long


def test_no_function_is_longer_than_a_page() -> None:
    long = {}
    for file in python_files("hscb_voice"):
        for function in functions(file):
            limit = LONGEST_VIEW if is_view(function) else LONGEST_FUNCTION
            limit = min(limit, LONGEST_FACTORY_FUNCTION) if file.name == "factory.py" else limit
            # Signature and body; the docstring is for people and has no limit.
            body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
            length = (function.end_lineno or 0) - body[0].lineno + 1 + (function.body[0].lineno - function.lineno)
            if length > limit:
                long[f"{where(file)}:{function.name}"] = length
    assert not long


def test_no_template_is_longer_than_two_hundred_lines() -> None:
    long = {
        where(f): n
        for f in (HOUSE / "templates").rglob("*.*")
        if (n := len(f.read_text().splitlines())) > LONGEST_TEMPLATE
    }
    assert not long


def test_every_conftest_stays_short() -> None:
    long = {
        where(f): n
        for f in HOUSE.glob("tests/**/conftest.py")
        if (n := len(f.read_text().splitlines())) > LONGEST_CONFTEST
    }
    assert not long


def test_every_module_says_why_it_exists() -> None:
    silent = [where(f) for f in python_files("hscb_voice", "bench", "migrations") if not ast.get_docstring(tree(f))]
    assert not silent


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = [
        where(f) for f in HOUSE.rglob("hscb_voice/**/*") if f.stem in {"utils", "helpers", "common", "misc", "util"}
    ]
    assert not drawers


@pytest.mark.parametrize("name", ["service", "queries", "models", "jobs"])
def test_inner_modules_know_nothing_of_the_web(name: str) -> None:
    wrong = {
        where(f): found
        for f in PACKAGE.rglob(f"{name}.py")
        if (found := {i.split(".")[0] for i in imports(f)} & WEB_LIBRARIES)
    }
    assert not wrong


def test_language_knows_nothing_of_the_web_or_the_database() -> None:
    barred = WEB_LIBRARIES | {"sqlalchemy"}
    wrong = {
        where(f): found
        for f in (PACKAGE / "language").rglob("*.py")
        if (found := {i.split(".")[0] for i in imports(f)} & barred)
    }
    assert not wrong


def test_every_room_has_a_contract_that_says_what_it_must_never_reach() -> None:
    told = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    barred = {
        source.split(".")[1]
        for contract in told
        if contract["type"] == "forbidden"
        for source in contract["source_modules"]
    }
    rooms = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").is_file()}
    assert rooms - barred == {"demonstration"}  # it plays every part


@pytest.mark.parametrize("name", ["routes", "public_routes", "forms"])
def test_routes_and_forms_never_import_tables(name: str) -> None:
    wrong = [
        where(f) for f in PACKAGE.rglob(f"{name}.py") if any(re.search(r"(^|\.)models(\.|$)", i) for i in imports(f))
    ]
    assert not wrong


def test_every_exception_to_a_rule_carries_its_reason() -> None:
    silent = []
    for file in python_files("hscb_voice", "tests", "bench", "migrations"):
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            noqa = re.search(r"#\s*noqa(?::\s*[A-Z0-9, ]+)?(?P<why>.*)", line)
            ignore = re.search(r"#\s*type:\s*ignore(?:\[[^\]]*\])?(?P<why>.*)", line)
            if any(found and not re.search(r"\w{3}", found["why"]) for found in (noqa, ignore)):
                silent.append(f"{where(file)}:{number}")
    # This file speaks of the marks that it looks for.
    assert [place for place in silent if not place.startswith("tests/unit/test_house_rules.py")] == []


def test_every_template_is_used() -> None:
    sources = "\n".join(
        f.read_text(encoding="utf-8") for f in [*python_files("hscb_voice"), *(HOUSE / "templates").rglob("*.html")]
    )
    # Flask-Security and the GOV.UK macros look these up by name.
    called_by_libraries = re.compile(r"^security/")
    idle = [
        name
        for f in (HOUSE / "templates").rglob("*.*")
        if (name := str(f.relative_to(HOUSE / "templates"))) not in sources
        and not called_by_libraries.match(name)
        and not (re.search(rf"[\"'/]{re.escape(f.parent.name)}/[\"']? ?~", sources))
    ]
    assert not idle


def test_nothing_marks_unfinished_work() -> None:
    marks = re.compile(
        "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "Not" + "ImplementedError", "coming " + "soon"))
    )
    folders = ("hscb_voice", "templates", "static", "tests", "bench", "migrations")
    files = [
        f
        for folder in folders
        for f in (HOUSE / folder).rglob("*")
        if f.suffix in {".py", ".html", ".css", ".js", ".yaml"}
    ]
    found = [where(f) for f in files if "vendor" not in f.parts and marks.search(f.read_text(encoding="utf-8"))]
    assert not found


def test_no_lock_file_names_an_address() -> None:
    files = [*HOUSE.glob("requirements/*.lock"), HOUSE / "package-lock.json"]
    assert [where(f) for f in files if re.search(r"https?://|file:", f.read_text())] == []


def test_no_two_decisions_share_a_number() -> None:
    numbers = [file.name[:4] for file in (HOUSE / "docs/decisions").glob("[0-9]*.md")]
    assert sorted(numbers) == sorted(set(numbers))
