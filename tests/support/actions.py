"""Actions for tests, and counts of themes as the themes room would keep them."""

from datetime import date

from sqlalchemy import insert

from hscb_voice.actions.service import Decision, NewAction, Words, decide, note_action, tell
from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Tally

BY = "an analyst"


def noted(platform: Platform, **more: object) -> str:
    """Note that visits clash with school; return the action's id."""
    values = {"said": "Visits clash with school", "theme": "visits"} | more
    with platform.database.writing() as connection:
        return note_action(connection, NewAction(**values), BY, platform.clock)  # type: ignore[arg-type]  # a test's own fields


def decided(platform: Platform, action_id: str, owner: str = "somebody", due: date = date(2026, 12, 15)) -> str:
    """Decide that something is done; return the action's id."""
    with platform.database.writing() as connection:
        wanted = Decision(can=True, doing="Visits move to after four", owner_id=owner, due=due)
        decide(connection, action_id, wanted, BY, platform.clock)
    return action_id


def told(platform: Platform, action_id: str, look: str = "child", language: str = "en", we_did: str = "We did.") -> str:
    """Write what some readers are told; return the action's id."""
    with platform.database.writing() as connection:
        tell(connection, action_id, Words(look, language, "Come after school.", we_did), BY, platform.clock)
    return action_id


def spoken_of(
    platform: Platform, n: int, *, theme: str = "visits", choice: str = "negative", service: str = "", month: int = 11
) -> None:
    """Let a theme have been spoken of in a month of 2026."""
    span = {"span_start": date(2026, month, 1), "span_end": date(2026, month, 28)}
    place = {"slug": "support-worker-child", "question": f"theme:{theme}", "row": "", "choice": choice}
    who = {"respondent": "child", "service": service, "age_band": "", "answered": "", "invented": False}
    with platform.database.writing() as connection:
        connection.execute(insert(Tally), span | place | who | {"n": n})
