"""Commands for single sign-on: join an account that exists to a person of the sign-in service, or take it off again."""

import click

from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.platform import Platform, PlatformDoor
from hscb_voice.staff.oidc_accounts import bind_account, unbind_account
from hscb_voice.staff.service import PLATFORM


@click.command("join-sign-on")
@click.option("--email", required=True, help="The account here.")
@click.option("--subject", required=True, help="The person there: what the sign-in service calls “sub”.")
@click.pass_obj
def join_command(door: PlatformDoor, email: str, subject: str) -> None:
    """Join an account to a person of the sign-in service. Every session of it ends."""
    platform = door.open()
    issuer = _issuer(platform)
    with platform.database.writing() as connection:
        bind_account(connection, email, issuer, subject, now=platform.clock.now(), by=PLATFORM)
    click.echo(f"{email} now comes in by single sign-on. Roles follow the groups from the next sign-in.")


@click.command("leave-sign-on")
@click.option("--email", required=True, help="The account here.")
@click.pass_obj
def leave_command(door: PlatformDoor, email: str) -> None:
    """Take an account off single sign-on. Every session of it ends."""
    platform = door.open()
    with platform.database.writing() as connection:
        unbind_account(connection, email, now=platform.clock.now(), by=PLATFORM)
    click.echo(f"{email} no longer comes in by single sign-on.")


def _issuer(platform: Platform) -> str:
    if platform.settings.sign_on is None:
        message = "Single sign-on is not set up: VOICE_OIDC_ISSUER is empty."
        raise SettingError(message)
    return platform.settings.sign_on.issuer
