"""Guess whether a short comment is English, Polish, Romanian, Welsh or something else.

Why: a worry written in a language that no lexicon covers must reach a person, not pass as silence.
May not: call short or badly spelt English foreign: without clear signs the answer is English.
"""

import re

from hscb_voice.language.concern_words import plain_letters

_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = {
    "pl": frozenset(
        """nie jest sie na do ze jak mnie mam tata bardzo ale moja moj moje dla ktory kiedy boje chce moge pani byla byl byly
        przez tylko wszystko dziekuje dobrze pan dzieci dziecko pomoc pomogla szkole szkoly domu dom czy tez juz jestem
        lubie moim mojego mojej zawsze nigdy mi nas nam jej jego ich od po za bo gdy jeszcze teraz sa zeby cos ktos czuje
        rozmowa rozmawiac rodzice nami oni ona byc bylo bije krzyczy glodny sam uciec umrzec jestesmy mamy w z i""".split(),
    ),
    "ro": frozenset(
        """nu este sunt si de la cu pe ca mi ma imi foarte dar mea meu pentru care cand frica vreau pot doamna domnul era au
        fost prin doar tot multumesc bine copii copilul ajutor ajutat scoala acasa casa daca ai ne noi ei ea el mereu
        niciodata din mai unde cum asta acum place simt vorbit vorbi parinti lor lui suntem eu sa un tata avem bate nimeni
        mancare mult fata se""".split(),
    ),
    "cy": frozenset(
        """yn y yr mae ddim ac ar gyda fy fi dw dwi rydw roedd iawn ond ofn eisiau gallu diolch da plant plentyn helpu ysgol
        adref cartref os ydw ydy wedi gan ni nhw hi ef fe bob amser byth hefyd nawr rwan oedd chi eich ein eu sydd sy mewn
        wrth dim teimlo siarad rhieni weithiau hoffi hoffwn bod fod cael gwneud dda gweithiwr tad isio moyn adra efo fo yw
        i o am""".split(),
    ),
}
_OTHER = frozenset(
    """que los las una por para muy pero porque cuando tengo miedo quiero madre padre les des une est dans pour avec mais je
    suis pas mon peur quand veux maison ich nicht und der das ist mein meine mit auf ein eine sehr aber wenn habe angst zu
    hause mutter vater nao uma com meu minha quando tenho medo quero di che per sono mio mia paura ho casa molto os nav nera
    labai kai bijau noriu nenoriu namai namo mano tevas tevo motina mama labas bet man ir ben bir ve cok ama icin degil annem babam korkuyorum var yok nuk eshte
    dhe nje shume babai kam frike hindi ako ang mga ko sa nanay tatay waan iyo waxaan aan hooyo aabo nem hogy egy az nagyon
    felek anyam apam ja sam nije moja moj bojim nemam bojim chcem som ako otec matka nechci mne jsem el la le et en mi
    de a y no te se un del con su kodu en het een niet mijn ik bang naar ook maar hij main mera meri nahi hai mujhe ghar se
    papa ammi abbu maine bohot""".split(),
)
_ENGLISH = frozenset(
    """the and a to i is was it of in my me you he she they we that this not no do did does dont have has had with for on at
    but so very really good nice like love want because when what who how if are am be been can could would will just all
    more mum dad mam mummy daddy school home house help helped worker feel felt happy sad scared talk talked talking listen
    listened her him his them their our us there here about from up out get got go going said say make made think know time
    one thing things some never always every day people fun safe better much too as an or by than then after before yes ok
    okay nothing everything something anything lot hate hit hurt hits hurts shouts please thank thanks see nan family were
    your needs need friends play games best meeting visits visit support great work im its cos wen wot dis dat u r ur n hav
    wiv wit da fink wos wont cant didnt coz becos bad mad man pan dom fe""".split(),
)
_AMBIGUOUS = frozenset("a i o am an no do to man me on as so be is in at we he us y la de en se no it un sa".split())
_LETTERS = {"pl": frozenset("ąęłńśźż"), "ro": frozenset("ășțţş"), "cy": frozenset("ŵŷ")}
_OTHER_LETTERS = frozenset("ėųįñßãõøåæėšžčřůěğıőűļņķģēīūďťľĺë¿¡äöüçàìòù")
_LATIN_END = "\u0250"
_LATIN_MORE = ("\u1e00", "\u1eff")
_CLEAR = 2
_CLEAR_OTHER = 3
_ENGLISH_QUARTER = 4


def guess_language(text: str) -> str:
    """Guess the language of a short comment.

    Args:
        text: the comment, lower case.

    Returns:
        "en", "pl", "ro", "cy", or "other" for a language that no lexicon covers.
    """
    if text.isascii() and not _may_be_foreign(text):
        return "en"
    words = _WORD.findall(text)
    if not words:
        return "en"
    if 2 * sum(_other_script(word) for word in words) > len(words):
        return "other"
    plain = [plain_letters(word) for word in words]
    english = sum(word in _ENGLISH and word not in _AMBIGUOUS for word in plain)
    marks = {code: _score(signs, _LETTERS[code], words, plain) for code, signs in _SIGNS.items()}
    best = max(marks, key=lambda code: marks[code])
    other = _score(_OTHER, _OTHER_LETTERS, words, plain)
    if marks[best] >= _CLEAR and marks[best] > english and marks[best] >= other:
        return best
    if other >= _CLEAR_OTHER and other > 2 * english and other > marks[best]:
        return "other"
    return "en"


def _may_be_foreign(text: str) -> bool:
    """Say, quickly, whether a comment in plain letters may be other than English."""
    words = text.split()
    return _ENGLISH_QUARTER * sum(word in _ENGLISH and word not in _AMBIGUOUS for word in words) < len(words)


def _other_script(word: str) -> bool:
    return word[0] >= _LATIN_END and not _LATIN_MORE[0] <= word[0] <= _LATIN_MORE[1]


def _score(signs: frozenset[str], letters: frozenset[str], words: list[str], plain: list[str]) -> int:
    """Count the words that are common in a language, and those with letters of its own."""
    common = {word for word in plain if word in signs and word not in _ENGLISH}
    weak = {word for word in plain if word in signs and word in _AMBIGUOUS and word not in common}
    own = {word for word in words if letters & set(word)}
    return len(common) + len(own) + (1 if len(weak) > 1 and (common or own) else 0)
