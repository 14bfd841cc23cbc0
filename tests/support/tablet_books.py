"""The books of a tablet's day: what children said and were thanked for, and whether the server has each of it once."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select

from hscb_voice.foundation.platform import Platform
from hscb_voice.responses.models import Comment, Response, SecondAnswer
from hscb_voice.responses.queries import response_of_receipt
from hscb_voice.responses.words import comments_of


@dataclass
class TabletBooks:
    """What happened on a tablet."""

    thanked: dict[str, str] = field(default_factory=dict)  # words -> the three words, or nothing when there were none
    unsure: set[str] = field(default_factory=set)  # words sent in the moment of a kill, before any thanks

    def faults(self, platform: Platform) -> list[str]:
        """Return what does not balance; empty when nothing was lost, doubled or merged.

        Args:
            platform: with a way of its own to the database.
        """
        with platform.database.reading() as connection:
            ids = list(connection.execute(select(Response.id)).scalars())
            texts = {one: [c.text for c in comments_of(connection, platform.keys, [one])] for one in ids}
            seconds = connection.execute(select(func.count()).select_from(SecondAnswer)).scalar_one()
            comments = connection.execute(select(func.count()).select_from(Comment)).scalar_one()
            found = {
                words: response_of_receipt(connection, platform.keys, receipt.replace(" ", "-"))
                for words, receipt in self.thanked.items()
                if receipt
            }
        said = Counter(text for each in texts.values() for text in each)
        faults = [f"lost: {words}" for words in self.thanked if not said[words]]
        faults += [f"doubled: {words}" for words, number in said.items() if number > 1]
        faults += [f"nobody said: {words}" for words in said if words not in self.thanked and words not in self.unsure]
        faults += [
            f"the receipt leads elsewhere: {words}" for words, one in found.items() if texts.get(one or "") != [words]
        ]
        faults += [f"merged or empty: {one}" for one, each in texts.items() if len(each) != 1]
        faults += [f"{seconds} held as second answers"] if seconds else []
        faults += [f"{comments} comments of {len(ids)} answers"] if comments != len(ids) else []
        return faults
