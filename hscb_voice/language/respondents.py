"""Say which of the three a respondent is nearest to, however somebody calls him: “carer”, “Teacher”, “young person”.

Why: files of other services name people in their own words; a comment is better read as of the nearest than refused.
May not: guess where nobody said who wrote: then worries are looked for as in a child's words too (`analyse`).
"""

import re
from functools import cache

from hscb_voice.language.errors import BadCommentError
from hscb_voice.language.reading import Respondent

UNKNOWN_READ_AS: Respondent = "parent"
"""A grown-up who is no professional: what most who write to a public service are. Of worries see `analyse`."""

_CALLED: dict[Respondent, str] = {
    "child": "child children kid kids boy girl pupil student learner youth teen teenager adolescent minor baby infant "
    "toddler son daughter sibling brother sister young_person young_people young_carer young_adult care_leaver "
    "looked_after_child yp cyp cla lac looked_after_children child_or_young_person",
    "parent": "parent parents mum mom mam mummy mother dad daddy father carer carers caregiver caregivers guardian "
    "step_mum step_dad stepmother stepfather grandparent grandparents gran granny nan nana grandma grandmother grandad "
    "grandfather aunt auntie uncle relative family kin adopter",
    "professional": "professional professionals practitioner practitioners worker workers teacher teachers tutor "
    "lecturer headteacher head senco nurse midwife doctor gp paediatrician psychologist psychiatrist therapist "
    "counsellor police officer constable pc advocate solicitor lawyer barrister guardian_ad_litem cafcass chair "
    "manager supervisor coordinator co_ordinator staff colleague colleagues school agency assistant ta mentor coach "
    "keyworker childminder care_worker residential_worker health_visitor social_worker sw iro consultant",
}
_LONGEST = 60
_OF_WHOM = re.compile(r" (?:of|to|for|from|in|with|at) ")
_ASKED = frozenset({"voice", "views", "view", "wishes", "interview", "feedback", "survey", "behalf", "words"})
_ONE_OF = frozenset({"member", "members", "one", "group", "team", "class"})


@cache
def _table() -> dict[str, Respondent]:
    return {called.replace("_", " "): respondent for respondent, names in _CALLED.items() for called in names.split()}


def respondent_of(given: object) -> Respondent | None:
    """Find the nearest of the three.

    Args:
        given: what a line says of who wrote it, in any case; may be missing (None).

    Returns:
        child, parent or professional; None when nothing is said, or nothing that is known.

    Raises:
        BadCommentError: it is no text.
    """
    if given is None:
        return None
    if not isinstance(given, str):
        message = "respondent must be text"
        raise BadCommentError(message)
    if given in _CALLED:
        return _table()[given]
    name = " ".join(given[:_LONGEST].casefold().replace("_", " ").replace("-", " ").replace("/", " ").split())
    head, *of_whom = _OF_WHOM.split(name)  # “mother of a boy” is no boy
    who = of_whom[0] if of_whom and head.rpartition(" ")[2] in _ONE_OF else head
    last = who.rpartition(" ")[2]
    spoke = of_whom[-1].rpartition(" ")[2] if of_whom and last in _ASKED else ""  # “voice of the child”
    said = [form for form in (name, who, last, spoke) if form]  # “class teacher” is a teacher
    forms = (form for one in said for form in (one, one.removesuffix("s")))
    return next((known for form in forms if (known := _table().get(form)) is not None), None)
