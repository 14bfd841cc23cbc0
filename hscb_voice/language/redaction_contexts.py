"""Hold the words around a name that give it away: roles, titles, verbs that only people do, ways to begin a name.

Why: "hope" is a name in "hope listened to me" and a wish in "I hope so"; these sets are what tells them apart. The
words themselves stand in `lexicons/names/contexts.txt`.
May not: hold names, places or rules.
"""

from hscb_voice.language.redaction_lists import words_under

# People who come because of their work.
WORKER_ROLES = words_under("contexts.txt", "worker roles")
# Children in a family or a class; friends.
CHILD_ROLES = words_under("contexts.txt", "child roles")
# Grown-ups of a family, and pets.
ADULT_ROLES = words_under("contexts.txt", "adult roles")
ROLES = WORKER_ROLES | CHILD_ROLES | ADULT_ROLES
# Titles that are hidden together with the name.
TITLES = words_under("contexts.txt", "titles")
# Family words that a name may follow.
FAMILY_TITLES = words_under("contexts.txt", "family titles")
# Words after which a name must come.
NAMING = words_under("contexts.txt", "naming")
# Words after which a noun comes, not a name.
DETERMINERS = words_under("contexts.txt", "determiners")
# The surest of these.
ARTICLES = words_under("contexts.txt", "articles")
# My, your, his ...
OWNERS = words_under("contexts.txt", "owners")
# Verbs and greetings with a person straight after.
TALK_LEFT = words_under("contexts.txt", "talk left")
# Little words that often stand before a name.
NEAR_LEFT = words_under("contexts.txt", "near left")
# Verbs with "to" and a person.
TALK_TO = words_under("contexts.txt", "talk to")
# What one does with a person.
WORK_WITH = words_under("contexts.txt", "work with")
# What people do: after a word, these make it a name.
PEOPLE_VERBS = words_under("contexts.txt", "people verbs")
# Forms of "be" and helping verbs.
BEING = words_under("contexts.txt", "being")
# What may be said of a person after "is".
PERSON_WORDS = words_under("contexts.txt", "person words")
# What can be said of nothing but a person.
ONLY_PEOPLE_ARE = words_under("contexts.txt", "only people are")
# Months, days and seasons.
SEASONS = words_under("contexts.txt", "seasons")
# Names that are things one can like.
THINGS = words_under("contexts.txt", "things") | SEASONS
# Words before a month or season.
SEASON_LEFT = words_under("contexts.txt", "season left")
# Nouns that turn the word before them into a description.
NOUNS_RIGHT = words_under("contexts.txt", "nouns right")
# Words after which a verb comes.
VERB_BEFORE = words_under("contexts.txt", "verb before")
# Names that are verbs or adjectives as well.
VERB_LIKE = words_under("contexts.txt", "verb like")
# Can, will, let ... before somebody who acts.
HELPED_LEFT = words_under("contexts.txt", "helped left")
# Plain verbs of somebody who comes or helps.
ACTS_PLAIN = words_under("contexts.txt", "acts plain")
# Two capitals that are no initials.
ACRONYMS = words_under("contexts.txt", "acronyms")
