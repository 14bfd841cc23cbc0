"""The command `invite`: opens a code for a questionnaire, until staff pages can."""

import re

import click

from hscb_voice.foundation.platform import PlatformDoor
from hscb_voice.invitations.errors import UnknownCodeError
from hscb_voice.invitations.service import open_code
from hscb_voice.questionnaires.queries import current_version
from hscb_voice.responses.service import Setting

# The same shape as the page that follows codes takes: anything else would be printed and lead nowhere.
_CODE = re.compile(r"(?=.{3,79}$)[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 80


@click.command("invite")
@click.option("--questionnaire", "slug", required=True, metavar="SLUG", help="Which questionnaire.")
@click.option("--code", required=True, help="What stands in the address after /f/: small letters, digits and hyphens.")
@click.option("--service", default="", help="The service that the answers are about.")
@click.option("--team", default="", help="The team whose workers may see the answers.")
@click.option("--locality", default="", help="The part of the county.")
@click.option("--age", "variant", default=None, help="The form for one age, such as under-9; otherwise the page asks.")
@click.pass_obj
def invite_command(
    door: PlatformDoor, slug: str, code: str, service: str, team: str, locality: str, variant: str
) -> None:
    """Open a code for many sittings, for a poster or a link. Opening it again changes nothing."""
    platform = door.open()
    if _CODE.fullmatch(code) is None:
        message = "A code has 3 to 79 small letters and digits, with one hyphen between words."
        raise UnknownCodeError(message)
    service, team, locality = (" ".join(name.split()) for name in (service, team, locality))
    if max(map(len, (service, team, locality))) > _LONGEST:
        message = f"The name of a service, team or locality has at most {_LONGEST} characters."
        raise UnknownCodeError(message)
    with platform.database.writing() as connection:
        ages = [known.key for known in current_version(connection, slug).definition.variants]
        if variant and variant not in ages:
            message = (
                f"This questionnaire has no form for “{variant}”. It has: {', '.join(ages) or 'one for everybody'}."
            )
            raise UnknownCodeError(message)
        setting = Setting(channel="poster", service=service, team=team, locality=locality)
        open_code(connection, code, slug, setting, platform.clock, variant=variant)
    click.echo(f"{platform.settings.public_address}/f/{code}")
