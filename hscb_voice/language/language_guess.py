"""Guess whether a short comment is English, Polish, Romanian, Welsh or something else.

Why: a worry written in a language that no lexicon covers must reach a person, not pass as silence.
May not: call short or badly spelt English foreign: without clear signs the answer is English.
"""

import re

from hscb_voice.language.concern_words import plain_letters

_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = {
    "pl": frozenset(
        "nie jest sie na do ze to jak mnie mam mama tata bardzo ale moja moj moje dla ktory kiedy boje chce moge pani byla byl "
        "byly przez tylko wszystko dziekuje dobrze pan dzieci dziecko pomoc pomogla szkole szkoly domu dom czy tez juz jestem "
        "lubie moim moja mojego mojej zawsze nigdy mi nas nam jej jego ich od po za bo gdy jeszcze teraz sa zeby cos ktos "
        "czuje rozmowa rozmawiac rodzice nami oni ona on byc bylo".split()
    ),
    "ro": frozenset(
        "nu este sunt si de la cu pe ca mi ma imi mama tata foarte dar mea meu pentru care cand frica vreau pot doamna domnul "
        "era au fost prin doar tot multumesc bine copii copilul ajutor ajutat scoala acasa casa daca am ai ne noi ei ea el "
        "mereu niciodata din mai unde cum este asta acum imi place simt vorbit vorbi parinti lor lui suntem eu sa un o".split()
    ),
    "cy": frozenset(
        "yn y yr mae ddim ac ar i o gyda fy fi dw dwi rydw roedd mam dad tad iawn ond am pan ofn eisiau gallu diolch da plant "
        "plentyn help helpu ysgol adref cartref os ydw ydy wedi gan ni nhw hi ef fe bob amser byth hefyd nawr rwan oedd chi "
        "eich ein eu sydd sy un mewn at wrth dim teimlo siarad rhieni weithiau hoffi hoffwn bod fod cael gwneud dda".split()
    ),
}
_OTHER = frozenset(
    "que el los las una por para con mi muy pero porque cuando tengo miedo quiero casa madre padre les des une est dans pour "
    "avec mais je suis pas mon ma peur quand veux maison ich nicht und der das ist mein meine mit auf ein eine sehr aber wenn "
    "habe angst zu hause mutter vater não uma com meu minha mas quando tenho medo quero di che per sono mio mia paura ho "
    "casa molto os je nav nar ir ar man mans bet ne es as mano nera labai kai bijau noriu namai mama tevas ben bir ve cok ama "
    "icin degil annem babam korkuyorum var yok nuk eshte dhe une shume per babai kam frike hindi ako ang mga si ko sa nanay "
    "tatay wan waa iyo waxaan aan hooyo aabo ma nem es hogy egy az nagyon felek anyam apam ja sam nije moja moj bojim "
    "nemam mam bojim chcem som ako otec matka nechci mne ale jsem".split()
)
_ENGLISH = frozenset(
    "the and a to i is was it of in my me you he she they we that this not no do did does dont have has had with for on at but "
    "so very really good nice like love want because when what who how if are am be been can could would will just all more "
    "mum dad mam mummy daddy school home house help helped worker feel felt happy sad scared talk talked talking listen "
    "listened her him his them their our us there here about from up out get got go going said say make made think know time "
    "one thing things some never always every day people fun safe better much too as an or by than then after before "
    "yes ok okay nothing everything something anything lot hate hit hurt hits hurts shouts please thank thanks see nan family "
    "were your i'm it's don't can't by needs need friends play games best meeting visits visit support great work".split()
)
_LATIN_END = 0x0250
_SHORT = 3


def guess_language(text: str) -> str:
    """Guess the language of a short comment.

    Args:
        text: the comment, lower case.

    Returns:
        "en", "pl", "ro", "cy", or "other" for a language that no lexicon covers.
    """
    if text.isascii() and not _looks_foreign(text):
        return "en"
    words = _WORD.findall(text)
    if not words:
        return "en"
    if sum(_other_script(word) for word in words) * 2 > len(words):
        return "other"
    plain = [plain_letters(word) for word in words]
    english = sum(word in _ENGLISH for word in plain)
    marks = {code: _score(code, words, plain) for code in _SIGNS}
    best = max(marks, key=lambda code: marks[code])
    other = _score_other(words, plain)
    if marks[best] >= 2 and marks[best] > english and marks[best] >= other:
        return best
    if other >= 2 and len(words) >= _SHORT and other > english * 2 and other > marks[best]:
        return "other"
    return "en"


def _looks_foreign(text: str) -> bool:
    """Say, quickly, whether a comment in plain letters may be other than English."""
    words = text.split()
    english = sum(word in _ENGLISH for word in words)
    return english * 4 < len(words)


def _other_script(word: str) -> bool:
    return ord(word[0]) >= _LATIN_END and not 0x1E00 <= ord(word[0]) <= 0x1EFF


_LETTERS = {"pl": frozenset("ąęłńśźżć"), "ro": frozenset("ășțţşâî"), "cy": frozenset("ŵŷ")}
_OTHER_LETTERS = frozenset("ñßãõçøåæėšžčřůěğıőűļņķģēīūřďťľĺë¿¡äöüéèàêôêìòùó")


def _score(code: str, words: list[str], plain: list[str]) -> float:
    letters = sum(bool(_LETTERS[code] & set(word)) for word in words)
    return sum(word in _SIGNS[code] and word not in _ENGLISH for word in plain) + letters


def _score_other(words: list[str], plain: list[str]) -> float:
    letters = sum(bool(_OTHER_LETTERS & set(word)) for word in words)
    return sum(word in _OTHER and word not in _ENGLISH for word in plain) + letters
