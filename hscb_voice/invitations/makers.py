"""Who made a code: most likely the helper of whom the answers that come by it speak.

Why: that helper's name is hidden however a child spells it. Apart from the other queries, because those serve tablets,
which know nothing of who works here.
"""

from collections.abc import Collection

from sqlalchemy import Connection, select

from hscb_voice.invitations.models import Invitation
from hscb_voice.staff.models import Account


def makers_of(connection: Connection, invitation_ids: Collection[str]) -> dict[str, str]:
    """Return the names of those who made some codes.

    Args:
        connection: a reading connection.
        invitation_ids: of which invitations; at most some hundreds.

    Returns:
        Invitation -> name, of those made by somebody who has an account.
    """
    query = select(Invitation.id, Account.name).join(Account, Account.id == Invitation.made_by)
    return {row.id: row.name for row in connection.execute(query.where(Invitation.id.in_(invitation_ids)))}
