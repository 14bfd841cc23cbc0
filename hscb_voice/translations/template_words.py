"""Finds the words of respondents' templates, and to whom each of them is said.

Babel finds words in templates too, but not the branch in which they stand: `{% if who == "child" %}` decides whether
a language says its warm “you” or its polite one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, nodes
from jinja2.ext import InternationalizationExtension

CHILD, GROWN_UP = "child", "adult"
EVERYBODY = frozenset({CHILD, GROWN_UP})
_FUNCTIONS = {"_", "gettext", "ngettext"}
_CHILDREN = {"look": {"young_child", "child", "young_person"}, "who": {"child"}}
_ALONE = {("look", "adult"), ("who", "child")}


@dataclass(frozen=True)
class Found:
    """One piece of wording in the program."""

    text: str
    plural: str
    said_to: frozenset[str]
    where: str


def words_of_template(file: Path, where: str) -> Iterator[Found]:
    """Find the words of one template.

    Args:
        file: the template.
        where: its name, for translators.

    Yields:
        Each text that goes through gettext. A page that does not know who reads it speaks as to a child.
    """
    environment = Environment(extensions=[InternationalizationExtension], autoescape=True)
    tree = environment.parse(file.read_text(encoding="utf-8"))
    is_page = next(tree.find_all(nodes.Extends), None) is not None
    knows_nobody = is_page and all(name.name != "who" for name in tree.find_all(nodes.Name))
    yield from _walk(tree, frozenset({CHILD}) if knows_nobody else EVERYBODY, where)


def _walk(node: nodes.Node, said_to: frozenset[str], where: str) -> Iterator[Found]:
    if isinstance(node, nodes.Call):
        yield from _called(node, said_to, where)
    if not isinstance(node, (nodes.If, nodes.CondExpr)):
        for child in node.iter_child_nodes():
            yield from _walk(child, said_to, where)
        return
    then, other = _branches(node.test)
    yield from _walk(node.test, said_to, where)
    if isinstance(node, nodes.CondExpr):
        yield from _walk(node.expr1, said_to & then, where)
        if node.expr2 is not None:
            yield from _walk(node.expr2, said_to & other, where)
        return
    for child in node.body:
        yield from _walk(child, said_to & then, where)
    for branch in node.elif_:
        # The branches of one `if` stand side by side here, but each is read only by whom none before it was for.
        yield from _walk(branch, said_to & other, where)
        other &= _branches(branch.test)[1]
    for child in node.else_:
        yield from _walk(child, said_to & other, where)


def _called(call: nodes.Call, said_to: frozenset[str], where: str) -> Iterator[Found]:
    if not isinstance(call.node, nodes.Name) or call.node.name not in _FUNCTIONS:
        return
    texts = [argument.value for argument in call.args if isinstance(argument, nodes.Const)]
    texts = [text for text in texts if isinstance(text, str)]
    if texts:
        plural = texts[1] if call.node.name == "ngettext" and len(texts) > 1 else ""
        yield Found(texts[0], plural, said_to or EVERYBODY, where)


def _branches(test: nodes.Node) -> tuple[frozenset[str], frozenset[str]]:
    """Tell to whom a page speaks when a test holds, and when it does not."""
    if not isinstance(test, nodes.Compare) or not isinstance(test.expr, nodes.Name) or len(test.ops) != 1:
        return EVERYBODY, EVERYBODY
    [operand] = test.ops
    name, value = test.expr.name, operand.expr.value if isinstance(operand.expr, nodes.Const) else None
    if name not in {"look", "who"} or operand.op not in {"eq", "ne"}:
        return EVERYBODY, EVERYBODY
    met = frozenset({CHILD if value in _CHILDREN[name] else GROWN_UP})
    # There are several looks of children and several kinds of grown-ups: not to be one of them leaves the others.
    unmet = EVERYBODY - met if (name, value) in _ALONE else EVERYBODY
    return (met, unmet) if operand.op == "eq" else (unmet, met)
