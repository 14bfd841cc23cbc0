"""Versions of the codebook for tests, published as people would publish them."""

from hscb_voice.codebooks.editing import Contents, ThemeFields, add_theme, change_theme, fields_of, retire_theme
from hscb_voice.codebooks.service import begin_draft, change_draft, publish_draft
from hscb_voice.foundation.platform import Platform
from hscb_voice.themes.rerunning import begin_run

PETS = ThemeFields("Pets", "Animals at home.", patterns="my dog\nmy hamster")


def with_pets(contents: Contents) -> Contents:
    """Add a theme, let another go, and give a third a new phrase."""
    contents = add_theme(contents, "pets", PETS)
    school = fields_of(contents.theme("school"))
    more = ThemeFields(**{**vars(school), "patterns": school.patterns + "\nzorbing"})
    return retire_theme(change_theme(contents, "school", more), "activities")


def publish_pets(platform: Platform, by: str = "an analyst") -> int:
    """Publish a version with the theme “pets” and without “activities”; return its number."""
    with platform.database.writing() as connection:
        turn = begin_draft(connection, by, platform.clock)
        turn = change_draft(connection, turn, with_pets, "Added pets", by, platform.clock)
        return publish_draft(connection, turn, "Children write about pets.", by, platform.clock)


def run_pets(platform: Platform) -> int:
    """Publish the version with pets and begin to read all comments by it; return its number."""
    number = publish_pets(platform)
    with platform.database.writing() as connection:
        begin_run(connection, number, "an analyst", platform.clock)
    return number
