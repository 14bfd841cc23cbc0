"""Letters in a folder: what a demonstration sends can be read, by its owner, and nobody else does so by mistake."""

from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from hscb_voice.foundation.errors import SettingError
from hscb_voice.foundation.letter_folder import LetterFolder
from hscb_voice.foundation.mail import Letter, MailAwayError
from hscb_voice.foundation.senders import sender_for
from hscb_voice.foundation.settings import Settings
from hscb_voice.operations.outside import mail_findings

LETTER = Letter("lead@example.org", "A concern waits", "Open the link: Zoë is there.", "letter-1")


def _settings(folder: Path, **more: str) -> Settings:
    address = (folder / "my letters").as_uri()
    env = {"VOICE_DATA": str(folder), "VOICE_MAIL_URL": address, "VOICE_SECRET_KEY": "s" * 40}
    return Settings.from_env(env | more)


def test_a_letter_is_a_file_that_a_mail_program_reads_and_that_is_its_owners_alone(tmp_path: Path) -> None:
    sender = sender_for(_settings(tmp_path, VOICE_DEMONSTRATION="yes"))
    sender.send(LETTER)
    sender.send(LETTER)
    sender.send(Letter("other@example.org", "Another", "Text"))
    files = sorted((tmp_path / "my letters").iterdir())
    assert len(files) == 2  # the same letter twice is there once
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    read = BytesParser(policy=policy.default).parsebytes((tmp_path / "my letters" / "letter-1.eml").read_bytes())
    assert (read["To"], read["Subject"]) == ("lead@example.org", "A concern waits")
    assert read.get_content().strip() == LETTER.text


def test_it_refuses_a_folder_where_letters_must_reach_people(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="reach nobody"):
        sender_for(_settings(tmp_path))


def test_the_check_says_that_letters_in_a_folder_reach_nobody(tmp_path: Path) -> None:
    settings = _settings(tmp_path, VOICE_DEMONSTRATION="yes")
    (found,) = mail_findings(settings, sender_for(settings))
    assert "reach nobody" in found.said


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(MailAwayError, match="could not be put"):
        LetterFolder((tmp_path / "taken").as_uri(), "voice@example.org").send(LETTER)
