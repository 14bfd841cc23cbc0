"""Reads definition files: YAML in, checked definitions out, and for every mistake the file, the line and the key."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from hscb_voice.questionnaires.definition import Definition, Option, Question, refuse_doubles
from hscb_voice.questionnaires.errors import DefinitionError

DEFINITIONS = Path(__file__).parent / "definitions"
_SHARED = "shared.yaml"
ShapeT = TypeVar("ShapeT", bound=BaseModel)


class Shared(BaseModel):
    """What several questionnaires share: closing questions and named scales."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scales: dict[str, tuple[Option, ...]]
    questions: tuple[Question, ...]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        refuse_doubles("question", [question.key for question in self.questions])
        for name, options in self.scales.items():
            refuse_doubles(f"option of {name}", [option.key for option in options])
        return self


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
        raw = _filled(raw, shared, lines, file)
    return _validated(Definition, raw, lines, file)


def read_folder(folder: Path) -> tuple[Definition, ...]:
    """Read every questionnaire of a folder.

    Args:
        folder: where the definition files and `shared.yaml` lie.

    Returns:
        The definitions by slug.

    Raises:
        DefinitionError: a file is not in the right shape, or is not named after its slug (a copied file that kept
            the old slug would take the other's place without a word).
    """
    shared = read_shared(folder)
    definitions = []
    for file in sorted(folder.glob("*.yaml")):
        if file.name == _SHARED:
            continue
        definition = read_definition(file, shared)
        if definition.slug != file.stem:
            _, lines = _parse(file)
            raise _fault(file, ("slug",), lines, f"the file must be named “{definition.slug}.yaml”, after its slug")
        definitions.append(definition)
    return tuple(definitions)


@cache
def all_definitions() -> tuple[Definition, ...]:
    """Return the questionnaires that come with the project, by slug.

    Raises:
        DefinitionError: one of the files is not in the right shape.
    """
    return read_folder(DEFINITIONS)


def _filled(raw: dict[str, Any], shared: Shared, lines: Mapping[str, int], file: Path) -> dict[str, Any]:
    # Whatever is not a list here is left as it is, for the schema to refuse with its own words.
    asked, ends_with = raw.get("questions"), raw.get("ends_with") or []
    if not isinstance(asked, list) or not isinstance(ends_with, list):
        return raw
    closing = {question.key: question for question in shared.questions}
    questions: list[object] = list(asked)
    for place, key in enumerate(ends_with):
        if not isinstance(key, str) or key not in closing:
            raise _fault(file, ("ends_with", place), lines, f"there is no shared question “{key}”")
        questions.append(closing[key].model_dump())
    filled = [_with_scale(question, place, shared, lines, file) for place, question in enumerate(questions)]
    return {**raw, "questions": filled}


def _with_scale(question: object, place: int, shared: Shared, lines: Mapping[str, int], file: Path) -> object:
    if not isinstance(question, dict) or not question.get("scale"):
        return question
    here = ("questions", place, "scale")
    if question.get("options"):
        raise _fault(file, here, lines, "give either a scale or options, not both")
    scale = shared.scales.get(str(question["scale"]))
    if scale is None:
        raise _fault(file, here, lines, f"there is no shared scale “{question['scale']}”")
    return {**question, "options": [option.model_dump() for option in scale]}


def _fault(file: Path, path: Sequence[int | str], lines: Mapping[str, int], trouble: str) -> DefinitionError:
    where = ".".join(str(part) for part in path) or "whole file"
    return DefinitionError(f"{file.name}, line {_nearest_line(path, lines)}, key “{where}”: {trouble}.")


def _checked(shape: type[ShapeT], file: Path) -> ShapeT:
    raw, lines = _parse(file)
    return _validated(shape, raw, lines, file)


def _validated(shape: type[ShapeT], raw: object, lines: Mapping[str, int], file: Path) -> ShapeT:
    try:
        return shape.model_validate(raw)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise _fault(file, first["loc"], lines, first["msg"].removeprefix("Value error, ")) from fault


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
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.safe_load(text)
    except UnicodeDecodeError as fault:
        message = f"{file.name}: the file is not saved as UTF-8. Save it again with the encoding UTF-8."
        raise DefinitionError(message) from fault
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
