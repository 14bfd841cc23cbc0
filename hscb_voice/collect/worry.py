"""Tells, while a child waits, whether what they sent sounds worrying, so that the next page can be kind at once.

It stores nothing and knows no room of staff: raising the concern is handed in from outside.
"""

from hscb_voice.collect.forms import Envelope
from hscb_voice.language.reading import Comment
from hscb_voice.language.worry import worry_by_rules
from hscb_voice.questionnaires.kinds import Answers
from hscb_voice.responses.service import parted


def is_worrying(envelope: Envelope, answers: Answers) -> bool:
    """Tell whether a tick asks for a person, or words sound worrying to the rules.

    Args:
        envelope: what was answered.
        answers: checked.
    """
    return asks_for_somebody(envelope, answers) or sounds_worrying(envelope, answers)


def asks_for_somebody(envelope: Envelope, answers: Answers) -> bool:
    """Tell whether a tick by itself asks for a person: scared, talk to someone, an advocate.

    Args:
        envelope: what was answered.
        answers: checked.
    """
    for question in envelope.version.definition.questions:
        answer = answers.get(question.key)
        if answer is None or question.takes_words:
            continue
        chosen = (answer,) if isinstance(answer, str) else answer
        for option in question.options:
            if option.raises and option.key in chosen:
                return True
    return False


def sounds_worrying(envelope: Envelope, answers: Answers) -> bool:
    """Tell whether the rules find a worry in the words. What they miss, the worker and a person may still find.

    Args:
        envelope: what was answered.
        answers: checked.
    """
    definition = envelope.version.definition
    who = definition.respondent_of(envelope.variant)
    _, words = parted(definition, answers)
    return any(
        worry_by_rules(Comment("", text, who, question, language=envelope.language)).flag for question, _, text in words
    )
