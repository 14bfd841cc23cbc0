"""Who may use which staff route. Every route says so, or the site does not start; whoever is not named is refused.

A view carries `@requires(Permission.…)`, or `@open_to_everyone("why")`, directly above its name and below its route.
What belongs to another team is not this module's business: services find it not, and the answer is 404.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hscb_voice.staff.errors import UndeclaredRouteError
from hscb_voice.staff.queries import OpenSignIn, Person, open_sign_in, waiting_sign_in
from hscb_voice.staff.roles import Permission
from hscb_voice.staff.sessions import forget_session, is_over, is_staff_path, mark_seen, sign_in_of_session
from hscb_voice.staff.sign_ins import mark_sign_in_seen
from hscb_voice.web.current import platform

P = ParamSpec("P")
R = TypeVar("R")
_ACCESS = "declared_access"
SIGN_IN_ENDPOINT = "security.login"
SECOND_STEP_ENDPOINT = "staff_second_step.ask"
_SEEN_STEP = timedelta(minutes=1)
_LONGEST_NEXT = 500


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Let only those in who have a permission. Others are told so; whoever is not signed in goes to the sign-in page.

    Args:
        permission: what the route needs.

    Returns:
        The decorator; it stands directly above the view.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            person = person_or_none()
            if person is None:
                return to_sign_in()
            if not person.may(permission):
                abort(403)
            _mark_seen()
            return view(*args, **kwargs)

        setattr(guarded, _ACCESS, permission)
        return guarded

    return decorate


def open_to_everyone(why: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let everybody in, signed in or not.

    Args:
        why: the reason; it stands in the list of routes.

    Returns:
        The decorator; it stands directly above the view.

    Raises:
        UndeclaredRouteError: no reason was given.
    """
    if not why.strip():
        message = "A staff route that is open to everyone needs a reason."
        raise UndeclaredRouteError(message)

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def opened(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(*args, **kwargs)

        setattr(opened, _ACCESS, why)
        return opened

    return decorate


def current_person() -> Person:
    """Return who is signed in. Only for routes that require a permission: there is always somebody."""
    person = person_or_none()
    if person is None:
        abort(401)
    return person


def person_or_none() -> Person | None:
    """Return who is signed in, or None. A session that has run out is forgotten on the way."""
    if "person" not in g:
        g.sign_in = _sign_in_of_session()
        g.person = g.sign_in.person if g.sign_in else None
    return cast("Person | None", g.person)


def current_sign_in() -> OpenSignIn:
    """Return the sign-in of whoever is signed in. Only for routes that require a permission."""
    current_person()
    return cast("OpenSignIn", g.sign_in)


def waiting_or_none() -> OpenSignIn | None:
    """Return the sign-in of whoever has given the right password, and still owes the second factor; else None."""
    person_or_none()
    return cast("OpenSignIn | None", g.get("waiting"))


def declared_access(app: Flask, endpoint: str) -> Permission | str | None:
    """Return what a route says about who may use it: a permission, the reason why it is open, or None."""
    return cast("Permission | str | None", getattr(app.view_functions[endpoint], _ACCESS, None))


def check_every_route(app: Flask) -> None:
    """Refuse to start when a staff route does not say who may use it, or a guarded route stands outside /staff.

    Args:
        app: the application, with every route in place.

    Raises:
        UndeclaredRouteError: names the routes.
    """
    undeclared, misplaced = [], []
    for rule in app.url_map.iter_rules():
        access = declared_access(app, rule.endpoint)
        if is_staff_path(rule.rule) and access is None:
            undeclared.append(f"{rule.rule} ({rule.endpoint})")
        if not is_staff_path(rule.rule) and access is not None:
            misplaced.append(f"{rule.rule} ({rule.endpoint})")
    if undeclared or misplaced:
        message = "Staff routes without declared access: " + (", ".join(sorted(undeclared)) or "none")
        message += ". Guarded routes outside /staff, where there is no session: "
        message += ", ".join(sorted(misplaced)) or "none"
        raise UndeclaredRouteError(message)


def to_sign_in() -> ResponseReturnValue:
    """Send the browser to the sign-in page, or to the second step of signing in, and keep where it wanted to go."""
    endpoint = SECOND_STEP_ENDPOINT if waiting_or_none() else SIGN_IN_ENDPOINT
    return redirect(url_for(endpoint, next=wanted_page()))


def wanted_page() -> str | None:
    """Return the page that this request wanted, if the browser can be sent back there later."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    return wanted if is_safe_next(wanted) and len(wanted) <= _LONGEST_NEXT else None


def is_safe_next(address: str) -> bool:
    """Tell whether an address is a staff page of this site, and no way out of it."""
    parts = urlsplit(address)
    plain = not parts.scheme and not parts.netloc and "\\" not in address and ".." not in parts.path
    return plain and address.isprintable() and is_staff_path(parts.path)


def _mark_seen() -> None:
    """Note that the person is at work: in the session often, in the database by the minute."""
    now, sign_in = platform().clock.now(), current_sign_in()
    mark_seen(now)
    if sign_in.seen_at is None or now - sign_in.seen_at >= _SEEN_STEP:
        with platform().database.writing() as connection:
            mark_sign_in_seen(connection, sign_in.id, now=now)


def _sign_in_of_session() -> OpenSignIn | None:
    sign_in_id = sign_in_of_session()
    if not sign_in_id:
        return None
    here = platform()
    now = here.clock.now()
    with here.database.reading() as connection:
        found = open_sign_in(connection, sign_in_id)
        g.waiting = None if found else waiting_sign_in(connection, sign_in_id, now)
    if found is not None and not is_over(found.person, found.started_at, now):
        return found
    if g.waiting is None:
        forget_session(ran_out=True)
    return None
