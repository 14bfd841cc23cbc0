"""Printed invitations: one card, a sheet of cards to cut, or a poster; as tagged PDF, in the questionnaire's language.

Each shows the picture to scan, the address, the words to type, what is promised, and where help is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from hscb_voice.foundation.printing import printed
from hscb_voice.invitations.listing import MadeInvitation
from hscb_voice.questionnaires.definition import Definition
from hscb_voice.web.languages import DEFAULT_LANGUAGE, LANGUAGES, chosen_language, speaking, words_in
from hscb_voice.web.qr import picture_of

CARD, SHEET, POSTER = "card", "sheet", "poster"
SHAPES = {CARD: "A card", SHEET: "A sheet of cards to cut", POSTER: "An A4 poster"}


@dataclass(frozen=True)
class Printing:
    """What stands on every printed invitation."""

    definition: Definition
    board_name: str
    public_address: str  # of the site, without a slash at its end


def address_of(public_address: str, code: str) -> str:
    """Return the address to which a code leads."""
    return f"{public_address}/f/{code}"


def printed_invitations(shape: str, invitations: Sequence[MadeInvitation], printing: Printing) -> bytes:
    """Print invitations, in the language in which they lead to the form; in English where the reader chooses it.

    Args:
        shape: card, sheet or poster.
        invitations: one, or those of a sheet.
        printing: what stands on all of them.

    Returns:
        Tagged PDF, A4.

    Raises:
        NotPrintedError: it could not be made.
    """
    one = invitations[0]
    language = LANGUAGES.get(one.language or "", LANGUAGES[DEFAULT_LANGUAGE])
    with speaking(language, printing.definition.respondent_of(one.variant)):
        return printed("invitations/invitation.typ", laid_out(shape, invitations, printing))


def laid_out(shape: str, invitations: Sequence[MadeInvitation], printing: Printing) -> dict[str, object]:
    """Return everything that is printed, in the language that is spoken; arguments as of `printed_invitations`."""
    one = invitations[0]
    who, words = printing.definition.respondent_of(one.variant), words_in(printing.definition.slug)
    language = chosen_language()
    host = printing.public_address.removeprefix("https://").removeprefix("http://")
    return {
        "shape": shape,
        "language": language.code,
        "direction": language.direction,
        "board": printing.board_name,
        "title": words(printing.definition.title),
        "opening": [words(line) for line in printing.definition.opening],
        "promises": _promises(who),
        "scan": gettext("Scan this with a phone or a tablet."),
        "or_go": gettext("Or go to this page:"),
        "page": host,
        "and_type": gettext("Then type this code:"),
        "alone": gettext("This works one time. It is only for you.") if one.single else "",
        "help_title": gettext("If you need someone now"),
        "help": _help(who),
        "picture_says": gettext("A picture to scan with a phone. It opens the form."),
        "cards": [
            {
                "words": card.words,
                "picture": picture_of(address_of(printing.public_address, card.code), inline=False),
            }
            for card in invitations
        ],
    }


def _promises(who: str) -> list[str]:
    """Return what is promised; the words are those of the form's own first screen."""
    hurt = gettext("If someone might get hurt, we must tell someone who can help.")
    if who == "child":
        return [
            gettext("You can skip any question. You can stop at any time."),
            gettext("People who keep children safe read what you say. Your worker may too. We do not ask your name."),
            gettext("The help you get stays the same, whatever you say."),
            hurt,
        ]
    same = gettext("The help that you and your family get stays the same, whatever you say.")
    return [
        gettext("You can skip any question and stop at any time."),
        gettext("People who work for the Board read your answers, and the service may too. We do not ask your name."),
        *([same] if who == "parent" else []),
        hurt,
    ]


def _help(who: str) -> list[list[str]]:
    lines = [
        ["999", gettext("if you are in danger now")],
        [
            "0800 1111",
            gettext("Childline: for anyone under 19. It is free, day and night.")
            if who == "child"
            else gettext("Childline, for any child or young person. It is free, day and night."),
        ],
    ]
    if who != "child":
        lines.append(["0808 2000 247", gettext("National Domestic Abuse Helpline. It is free, day and night.")])
    return lines
