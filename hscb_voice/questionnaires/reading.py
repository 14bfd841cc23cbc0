"""Reads definition files: YAML in, checked definitions out, and for every mistake the file, the line and the key."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from hscb_voice.questionnaires.definition import Definition, Option, Question
from hscb_voice.questionnaires.errors import DefinitionError

DEFINITIONS = Path(__file__).parent / "definitions"
_SHARED = "shared.yaml"
ShapeT = TypeVar("ShapeT", bound=BaseModel)


class Shared(BaseModel):
    """What several questionnaires share: closing questions and named scales."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scales: dict[str, tuple[Option, ...]]
    questions: tuple[Question, ...]


def read_shared(folder: Path = DEFINITIONS) -> Shared:
    """Read the closing questions and scales that questionnaires share.

    Args:
        folder: where `shared.yaml` lies.

    Returns:
        The shared parts, checked.

    Raises:
        DefinitionError: the file is not in the right shape.
    """
    return _checked(Shared, folder / _SHARED)


def read_definition(file: Path, shared: Shared) -> Definition:
    """Read one questionnaire.

    Args:
        file: the YAML file.
        shared: the parts that it may name.

    Returns:
        The definition with its scales and closing questions in place.

    Raises:
        DefinitionError: the file is not in the right shape; the message names file, line and key.
    """
    raw, lines = _parse(file)
    if isinstance(raw, dict):
        raw = _filled(raw, shared, file)
    return _validated(Definition, raw, lines, file)


@cache
def all_definitions() -> tuple[Definition, ...]:
    """Return the questionnaires that come with the project, by slug.

    Raises:
        DefinitionError: one of the files is not in the right shape.
    """
    shared = read_shared()
    files = sorted(file for file in DEFINITIONS.glob("*.yaml") if file.name != _SHARED)
    return tuple(read_definition(file, shared) for file in files)


def _filled(raw: dict[str, Any], shared: Shared, file: Path) -> dict[str, Any]:
    closing = {question.key: question for question in shared.questions}
    questions = [_with_scale(question, shared, file) for question in raw.get("questions") or []]
    for key in raw.get("ends_with") or []:
        if key not in closing:
            message = f"{file.name}: ends_with names no shared question “{key}”."
            raise DefinitionError(message)
        questions.append(_with_scale(closing[key].model_dump(), shared, file))
    return {**raw, "questions": questions}


def _with_scale(question: Any, shared: Shared, file: Path) -> Any:  # noqa: ANN401 - YAML not yet checked
    if not isinstance(question, dict) or not question.get("scale") or question.get("options"):
        return question
    scale = shared.scales.get(str(question["scale"]))
    if scale is None:
        message = f"{file.name}: question “{question.get('key')}” names no shared scale “{question['scale']}”."
        raise DefinitionError(message)
    return {**question, "options": [option.model_dump() for option in scale]}


def _checked(shape: type[ShapeT], file: Path) -> ShapeT:
    raw, lines = _parse(file)
    return _validated(shape, raw, lines, file)


def _validated(shape: type[ShapeT], raw: object, lines: Mapping[str, int], file: Path) -> ShapeT:
    try:
        return shape.model_validate(raw)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        line = _nearest_line(first["loc"], lines)
        message = f"{file.name}, line {line}, key “{where or 'whole file'}”: {first['msg']}."
        raise DefinitionError(message) from fault


def _nearest_line(path: Sequence[int | str], lines: Mapping[str, int]) -> int:
    parts = [str(part) for part in path]
    while parts:
        found = lines.get("/".join(parts))
        if found is not None:
            return found
        parts.pop()
    return 1


def _parse(file: Path) -> tuple[object, dict[str, int]]:
    try:
        with file.open(encoding="utf-8") as stream:
            node = yaml.compose(stream, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        message = f"{file.name}{where}: the file cannot be read as YAML ({getattr(fault, 'problem', fault)})."
        raise DefinitionError(message) from fault
    lines: dict[str, int] = {}
    if node is not None:
        _note_lines(node, "", lines, file)
    return raw, lines


def _note_lines(node: yaml.Node, path: str, lines: dict[str, int], file: Path) -> None:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                message = f"{file.name}, line {key.start_mark.line + 1}, key “{name}”: the key stands twice."
                raise DefinitionError(message)
            seen.add(name)
            here = f"{path}/{name}" if path else name
            _note_lines(value, here, lines, file)
            lines[here] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            _note_lines(item, f"{path}/{place}" if path else str(place), lines, file)
