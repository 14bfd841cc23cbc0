"""Find by its shape what can reach or trace somebody: phones, e-mail, web, postcodes, dates, plates, accounts.

Why: these need no list of names, and one left in a quote undoes all other care.
May not: hide ages, scores, times, public help lines or years on their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hscb_voice.language.redaction_lists import LITTLE_WORD, NAME, ORDINARY, folded, marks_of, words_under


@dataclass(frozen=True, slots=True)
class Mask:
    """A stretch of the original to hide, and the rule that found it; `role` is worker, child, person or ""."""

    start: int
    end: int
    kind: str
    rule: str
    role: str = ""


_DIGIT = re.compile(r"\d")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|styczni[ae]|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrzesnia|września|"
    r"października|listopada|grudnia|ianuarie|februarie|martie|aprilie|iunie|iulie|septembrie|octombrie|noiembrie|"
    r"decembrie|ionawr|chwefror|mawrth|ebrill|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)"
)
_ORDINAL_WORD = (
    r"(?:(?:twenty|thirty)[\s-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_YEAR = r"(?:(?:19|20)\d{2}|'\d{2})"
_DATES = re.compile(
    rf"(?<![\d/.\-])(?:"
    rf"\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?:19|20)?\d{{2}}(?!\d)"
    rf"|(?:19|20)\d{{2}}[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}(?!\d)"
    rf"|\d{{1,2}}\s?(?:st|nd|rd|th)?\s?(?:of\s)?[\s\-/.]?{_MONTH}\b(?:[\s,\-/.]{{1,2}}{_YEAR}(?!\d))?"
    rf")"
    rf"|\b{_MONTH}\s(?:the\s)?\d{{1,2}}(?:(?:st|nd|rd|th)\b(?:,?\s{_YEAR}(?!\d))?|,?\s{_YEAR}(?!\d))"
    rf"|\b{_ORDINAL_WORD}\s(?:of\s)?{_MONTH}\b(?:[\s,]{{1,2}}{_YEAR}(?!\d))?",
    re.IGNORECASE,
)
_DATES_IN_WORDS = re.compile(rf"\b{_ORDINAL_WORD}\s(?:of\s)?{_MONTH}\b", re.IGNORECASE)
_CAPITAL_MONTH_DAY = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\s\d{1,2}(?!\d|st|nd|rd|th|:|\s?[ap]m)",
)
_BIRTH = re.compile(
    rf"\b(?:born|d\.?o\.?b\.?|date\s(?:of\s)?birth|birthday)\W{{0,3}}(?:(?:is|was|on|in|the|it's)\s){{0,3}}"
    rf"(\d[\d/.\- ]{{1,10}}\d|{_MONTH}\s(?:19|20)\d{{2}}|the\s\d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}(?:st|nd|rd|th))",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d£$€.,/])(?:\(?\+\d{1,3}\)?|\(?0|00)?[\s.\-]{0,2}\(?\d(?:[\s.()\-–/]{0,3}\d){5,14}(?![\d/])"
)
_SPOKEN = re.compile(
    r"\b(?:(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|\d)[\s,\-.]{1,3}){6,20}"
    r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|\d)\b",
    re.IGNORECASE,
)
# "One two three four" is a child counting to ten, not a number to ring.
_COUNTING = re.compile(r"(?:one|1)\W+(?:two|2)\W+(?:three|3)\W+(?:four|4)\b", re.IGNORECASE)
_ASKED_NUMBER = re.compile(
    r"\b(?:phone|number|mobile|mob|tel|telephone|text|ring|call|whatsapp|pin|code|ref(?:erence)?|case|nhs|id)"
    r"(?:\s(?:me|us|him|her|is|on|no|number|nr|ref|at))"
    r"{0,3}[\s:.#]{1,3}([A-Za-z]{0,4}[/\-]?\d[\d\s\-/]{3,14}\d)(?!\d)",
    re.IGNORECASE,
)
_MAIL_DOT = r"(?:\.|\s?[(\[]dot[)\]]\s?|\sdot\s)"
_EMAIL = re.compile(
    rf"(?<![\w.+\-])[\w.+\-]{{1,64}}(?:@|\s@\s(?=[\w\-]{{1,40}}\.\w)|\s?[(\[]at[)\]]\s?)"
    rf"[\w\-]{{1,40}}(?:{_MAIL_DOT}[\w\-]{{2,20}}){{0,4}}"
    r"|(?<![\w.+\-])(?:\w{1,20}\sdot\s){0,2}[\w.+\-]{2,64}\sat\s[\w\-]{2,30}(?:(?:\sdot\s|\.)(?:com|co|org|net|uk|sch|gov|ac)){1,3}\b",
    re.IGNORECASE,
)
_WEB = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']{2,200}|\b[\w\-]{2,40}\.(?:com|co\.uk|org\.uk|org|net|sch\.uk|gov\.uk|nhs\.uk)\b(?:/[^\s<>\"']{0,100})?",
    re.IGNORECASE,
)
_PUBLIC_WEB = re.compile(
    r"childline|nspcc|gov\.uk|nhs\.uk|barnardo|samaritans|youtube\.com\Z|google|bbc\.co|ceop", re.IGNORECASE
)
_PUBLIC_NUMBERS = words_under("shapes.txt", "public numbers")
_AT_NAME = re.compile(r"(?<![\w@.])@([A-Za-z0-9_.]{2,30})")
_ACCOUNT = re.compile(
    r"\b(?:insta(?:gram)?|snap(?:chat|gram)?|sc|ig|tik\s?tok|discord|xbox(?:\slive)?|psn|roblox|fortnite|minecraft|user\s?name|"
    r"gamer\s?tag|handle|facebook|fb|twitter|kik|steam|tag|account)\b[^\w@\n]{1,3}"
    r"(?:(?:is|as|its|it's|name|user|me|on|at|under|account|called|handle|tag)\b[^\w@\n]{1,3}){0,4}@?([\w.\-]{3,30})",
    re.IGNORECASE,
)
_MIXED = re.compile(r"(?<![\w@.])(?=[\w.]{0,29}[\d_])[A-Za-z][\w.]{3,28}\w(?!\w)")
_HANDLE_PART = re.compile(r"([A-Za-z]{3,20})\.?_?\d{2,6}")
_COUNTED = words_under("shapes.txt", "counted")
_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH|EN|EX|FK|FY|GL|GU|"
    "HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|"
    "PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE|"
    "B|E|G|L|M|N|S|W"
)
_POSTCODE = re.compile(
    rf"(?<![A-Za-z0-9])(?:{_AREAS})\d[A-Z\d]?\s{{0,2}}\d(?!(?:st|nd|rd|th)\b)[A-Z]{{2}}(?![A-Za-z0-9])", re.IGNORECASE
)
_OUTWARD = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:HR|WR|GL|SY|LD|NP|TF|DY|WV|WS|BS|SN|CF|SA|LL|CV|ST)\d{1,2}"
    r"|(?i:(?:hr|wr|gl|sy|ld|np)[1-9]))(?![A-Za-z0-9])",
)
_OUTWARD_ASKED = re.compile(
    rf"(?:post\s?code|live[sd]?\sin|from|moved\sto|area)\W{{1,3}}(?:is\s)?((?:{_AREAS})\d{{1,2}}[A-Z]?)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Za-z]{2}\d{2}\s?[A-Za-z]{3}|[A-Z]\d{1,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{2,3}[A-Z])(?![A-Za-z0-9])"
)
_NUMBER_WORDS = words_under("shapes.txt", "number words")
_NATIONAL_INSURANCE = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![\d£$€.,])\d{6,20}(?![\d.,]\d)")
_STREET_KIND = (
    r"(?:street|st|road|rd|lane|ln|close|avenue|ave|drive|way|court|crescent|cres|terrace|terr|gardens|gdns|place|square|"
    r"walk|row|rise|view|hill|grove|mews|green|parade|villas|cottages?|house|estate|bungalows?|flats|buildings|orchard|croft|"
    r"meadows?|fields?|farm|park|vale|bank|common)"
)
_ADDRESS = re.compile(
    rf"(?<![\w£])(?:(?:flat|apartment|apt|no\.?|number|unit)\s?)?\d{{1,4}}[a-z]?,?\s(?:\d{{1,4}}[a-z]?,?\s)?"
    rf"((?:[a-z'’.\-]{{2,20}}\s){{1,3}}){_STREET_KIND}\b|\bflat\s\d{{1,4}}[a-z]?\b",
    re.IGNORECASE,
)
_PHONE_DIGITS = range(9, 16)
_MOBILE_DIGITS = 10
_GROUP_DIGITS = 3
_ACCOUNT_LETTERS = 5
_NOT_STREET = words_under("shapes.txt", "not street")


def _dates(text: str) -> Iterator[Mask]:
    for pattern in (_DATES, _CAPITAL_MONTH_DAY):
        for match in pattern.finditer(text):
            yield Mask(match.start(), match.end(), "date", "date")
    for match in _BIRTH.finditer(text):
        yield Mask(match.start(1), match.end(1), "date", "date of birth")


def _numbers(text: str) -> Iterator[Mask]:
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if digits not in _PUBLIC_NUMBERS and _is_phone(match.group().strip(), digits):
            lead = len(match.group()) - len(match.group().lstrip(" .-"))
            yield Mask(match.start() + lead, match.end(), "contact", "phone")
    for match in _ASKED_NUMBER.finditer(text):
        if re.sub(r"\D", "", match.group(1)) not in _PUBLIC_NUMBERS:
            yield Mask(match.start(1), match.end(1), "contact", "number given")
    for match in _LONG_NUMBER.finditer(text):
        if match.group() not in _PUBLIC_NUMBERS:
            yield Mask(match.start(), match.end(), "other", "long number")
    for match in _NATIONAL_INSURANCE.finditer(text):
        yield Mask(match.start(), match.end(), "other", "national insurance number")


def _is_phone(written: str, digits: str) -> bool:
    """Tell a phone or NHS number from a row of small numbers such as scores."""
    if written.startswith(("+", "(+", "0", "(0", "44")):
        return len(digits) in _PHONE_DIGITS
    if digits.startswith("7") and len(digits) == _MOBILE_DIGITS:
        return True
    groups = [group for group in re.split(r"\D+", written) if group]
    return len(digits) in _PHONE_DIGITS and min(len(group) for group in groups) >= _GROUP_DIGITS


def _accounts(text: str) -> Iterator[Mask]:
    for match in _AT_NAME.finditer(text):
        if not marks_of(folded(match.group(1))) & (ORDINARY | LITTLE_WORD):
            yield Mask(match.start(), match.end(), "contact", "handle")
    for match in _ACCOUNT.finditer(text):
        said = match.group(1)
        known = marks_of(folded(said.strip(".-"))) if said.isalpha() else 0
        odd = bool(re.search(r"[\d_.]\w", said)) and not said.isdigit()
        if odd or (not known and len(said) >= _ACCOUNT_LETTERS and " is " in match.group() and said.isalpha()):
            yield Mask(match.start(1), match.end(1), "contact", "account")
    for match in _MIXED.finditer(text):
        if _is_handle(match.group()):
            yield Mask(match.start(), match.end(), "contact", "handle")


def _is_handle(said: str) -> bool:
    if "_" in said.strip("_"):
        parts = [part for part in said.split("_") if part]
        return not all(part.isalpha() and marks_of(folded(part)) & ORDINARY for part in parts)
    match = _HANDLE_PART.fullmatch(said)
    if match is None:
        return False
    letters = folded(match.group(1))
    known = marks_of(letters)
    return letters not in _COUNTED and (bool(known & NAME) or not known & LITTLE_WORD)


def _places_and_plates(text: str) -> Iterator[Mask]:
    for match in _POSTCODE.finditer(text):
        yield Mask(match.start(), match.end(), "contact", "postcode")
    for match in _OUTWARD.finditer(text):
        yield Mask(match.start(), match.end(), "contact", "postcode area")
    for match in _OUTWARD_ASKED.finditer(text):
        yield Mask(match.start(1), match.end(1), "contact", "postcode area")
    for match in _PLATE.finditer(text):
        if match.group()[-3:].lower() not in _NUMBER_WORDS:
            yield Mask(match.start(), match.end(), "other", "number plate")
    for match in _ADDRESS.finditer(text):
        middle = (match.group(1) or "").lower().split()
        if not _NOT_STREET.intersection(middle):
            yield Mask(match.start(), match.end(), "place", "address")


def find_contacts(text: str) -> Iterator[Mask]:
    """Find everything that is known by its shape.

    Args:
        text: the comment as written.

    Yields:
        Masks, unsorted; they may overlap.
    """
    has_digits = _DIGIT.search(text) is not None
    if has_digits:
        yield from _dates(text)
        yield from _numbers(text)
        yield from _places_and_plates(text)
    else:
        for match in _DATES_IN_WORDS.finditer(text):
            yield Mask(match.start(), match.end(), "date", "date")
    for match in _SPOKEN.finditer(text):
        if _COUNTING.match(match.group()) is not None:
            continue
        yield Mask(match.start(), match.end(), "contact", "phone in words")
    if has_digits or "@" in text or "_" in text or "." in text or " is " in text or " dot " in text:
        for match in _EMAIL.finditer(text):
            yield Mask(match.start(), match.end(), "contact", "e-mail")
        for match in _WEB.finditer(text):
            if _PUBLIC_WEB.search(match.group()) is None:
                yield Mask(match.start(), match.end(), "contact", "web address")
        yield from _accounts(text)
