"""Letters as files in a folder: how a demonstration shows what would be sent, without a mail server."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hscb_voice.foundation.ids import new_id
from hscb_voice.foundation.mail import Letter, MailAwayError, message_of

SCHEME = "file"


class LetterFolder:
    """Puts each letter into a folder, as a file that any mail program opens."""

    is_set_up = True

    def __init__(self, url: str, sender: str) -> None:
        """Remember the folder.

        Args:
            url: `file:///a/folder`; it is made with the first letter.
            sender: the address from which letters come.
        """
        self.folder, self._sender = Path(unquote(urlsplit(url).path)), sender

    def send(self, letter: Letter) -> None:
        """Put a letter into the folder. The same letter again takes its place: it is not there twice.

        Args:
            letter: what to put there.

        Raises:
            MailAwayError: the folder cannot be written.
        """
        file = self.folder / f"{letter.reference or new_id()}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Letters hold links that open once: nobody else on the machine may read them.
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as held:
                held.write(message_of(letter, self._sender).as_bytes())
        except OSError as fault:
            trouble = f"The letter could not be put into {self.folder} ({type(fault).__name__})."
            raise MailAwayError(trouble) from fault
