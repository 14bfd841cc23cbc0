"""Read the YAML files that come with the program, by the C parser where there is one: they are large.

May not: read what somebody gives: the C parser does not stop at text that is nested without end.
"""

from typing import Any

import yaml

# The plain loader makes nothing but text, lists and maps: "no" and "off" stay words.
_PLAIN: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def own_plain_yaml(text: str) -> Any:  # noqa: ANN401 - as YAML has it
    """Read a file of which every value is text.

    Args:
        text: the file's content.

    Returns:
        Texts, lists and maps.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(text, Loader=_PLAIN)  # noqa: S506 - builds no objects


def own_yaml(text: str) -> Any:  # noqa: ANN401 - as YAML has it
    """Read a file of texts, numbers, lists and maps.

    Args:
        text: the file's content.

    Returns:
        What it holds.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(text, Loader=_SAFE)  # noqa: S506 - the safe loader
