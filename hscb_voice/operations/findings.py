"""What looking over an installation found: each thing in one plain sentence, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How it stands with one thing."""

    MEND = "mend"  # something does not work, or is not safe
    LOOK = "look"  # it may be meant so; a person should know
    WELL = "well"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    about: str
    grade: Grade
    said: str
    remedy: str = ""  # what to do; empty when all is well


def well(about: str, said: str) -> Finding:
    """Return that a thing is as it should be."""
    return Finding(about, Grade.WELL, said)


def look(about: str, said: str, remedy: str) -> Finding:
    """Return that a person should know of a thing."""
    return Finding(about, Grade.LOOK, said, remedy)


def mend(about: str, said: str, remedy: str) -> Finding:
    """Return that a thing must be mended."""
    return Finding(about, Grade.MEND, said, remedy)


def is_well(findings: Sequence[Finding]) -> bool:
    """Tell whether nothing must be mended."""
    return not any(finding.grade is Grade.MEND for finding in findings)


def lines_of(findings: Sequence[Finding]) -> list[str]:
    """Return a report for people: what must be mended first, a line each, and the sum at the end.

    Args:
        findings: in the order in which they were found.
    """
    words = {Grade.MEND: "MEND", Grade.LOOK: "LOOK", Grade.WELL: "well"}
    lines = []
    for grade in Grade:
        for finding in findings:
            if finding.grade is grade:
                lines.append(f"{words[grade]}  {finding.about}: {finding.said}")
                lines += [f"      {finding.remedy}"] if finding.remedy else []
    number = {grade: sum(finding.grade is grade for finding in findings) for grade in Grade}
    lines.append("")
    lines.append(f"To mend: {number[Grade.MEND]}. To look at: {number[Grade.LOOK]}. Well: {number[Grade.WELL]}.")
    return lines
