"""Arabic (and English) words made comparable: search keys, grading of short answers, sorting. Keys are never shown."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

from academy.base.numbers import whole_numbers

# --- One letter for many spellings ----------------------------------------------------------------

_LETTERS = str.maketrans("أإآٱؤئىةیېےکڪگەہھۀۃ", "اااا" + "وي" + "يه" + "ييي" + "ككك" + "ههههه")
_HAMZAS = str.maketrans("ؤئ", "ءء")
_TATWEEL = "\u0640"


class _Tidied(dict[int, str | int]):
    """A translation table filled as it is used: letters stay, digits become 0-9, marks vanish, the rest is a space."""

    def __missing__(self, code: int) -> str | int:
        char = chr(code)
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Cf") or char == _TATWEEL:
            kept: str | int = ""
        elif category == "Nd":
            kept = str(unicodedata.decimal(char))
        else:
            kept = code if category[0] in "LN" or category == "Mc" else " "
        self[code] = kept
        return kept


_TIDIED = _Tidied()


def _tidy(text: str) -> str:
    """Drop marks, punctuation and case but keep the letters as they were spelled (أ stays أ, é becomes e)."""
    composed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    if not composed.isascii():
        composed = "".join(
            char if "\u0620" <= char <= "\u06d3" else unicodedata.normalize("NFKD", char) for char in composed
        )
    return " ".join(composed.translate(_TIDIED).split())


def normalise(text: str) -> str:
    """Return the search key of a text.

    NFKC; diacritics, tatweel and invisible controls dropped; أإآٱ→ا, ى ئ→ي, ؤ→و, ة→ه, Persian ی ک→ي ك; every digit 0-9;
    lower case; punctuation to single spaces.
    """
    return _tidy(text).translate(_LETTERS)


# --- Stems ----------------------------------------------------------------

_PREFIXES = ("وبال", "وكال", "وفال", "ولل", "وال", "بال", "كال", "فال", "لل", "ال")
_SUFFIXES = (
    "اتهما",
    "اتها",
    "اتنا",
    "اتهم",
    "اته",
    "تهما",
    "يات",
    "يون",
    "يين",
    "تها",
    "تنا",
    "تهم",
    "ها",
    "نا",
    "هم",
    "ان",
    "ات",
    "ون",
    "ين",
    "يه",
    "ته",
    "ه",
    "ي",
)
_SHORTEST = 3
# What may be a conjunction or preposition written onto a word, and how much must stay to believe it.
_ONE_LETTER_PREFIXES = {"و": 4, "ل": 4, "ب": 5, "ف": 5, "ك": 5}
_IS_ARABIC = re.compile("[\u0620-\u064a]")


def _without_article(word: str) -> str:
    """The word without a leading ال and what is written before it, when three letters stay."""
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST:
            return word[len(prefix) :]
    return word


def _arabic_stem(word: str) -> str:
    """Strip the article and one ending from a normalised Arabic word."""
    bare = _without_article(word)
    for suffix in _SUFFIXES:
        if bare.endswith(suffix) and len(bare) - len(suffix) >= _SHORTEST:
            return bare[: -len(suffix)]
    return bare[:-1] if bare.endswith("ء") and len(bare) >= _SHORTEST else bare


def _singular(word: str) -> str:
    """An English word without its plural s."""
    if len(word) <= _SHORTEST or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("zzes"):
        return word[:-3]
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


def _english_stem(word: str) -> str:
    """Strip plural s, -ing (map of mapping) and a silent e, so that measure, measures and measuring meet."""
    word = _singular(word)
    root = word[:-3]
    if word.endswith("ing") and len(root) >= _SHORTEST and re.search("[aeiouy]", root):
        return root[:-1] if root[-1] == root[-2] and root[-1] in "bdgmnprt" else root.removesuffix("e")
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


def _stem_of(word: str) -> str:
    """The stem of one normalised word."""
    if word.isascii():
        return _english_stem(word) if word.isalpha() else word
    return _arabic_stem(word) if _IS_ARABIC.search(word) else word


def stem(word: str) -> str:
    """Return the light stem of a word: normalised, without article, attached particles and one ending."""
    return " ".join(_stem_of(part) for part in normalise(word).split())


# --- Words, synonyms, stop words ----------------------------------------------------------------

_STOP_WORD_LIST = """
    في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين ما هل كيف ماذا متى أين و أو او ثم أن
    ان إن كان كانت قد لا لم لن هو هي هم كل أي اي حتى إذا اذا منذ a an the of in on at for and or
    to with is are was be by from as this that how what which who
"""
_STOP_WORDS = frozenset(_STOP_WORD_LIST.split())
_JOINED_NAMES = frozenset({"عبد", "ابو"})
_MARK = "~"
_MOST_TERMS = 12
_LONGEST_QUERY = 400


@dataclass(frozen=True, slots=True)
class _Synonyms:
    """The groups: by whole word, by stem, and by phrase (a tuple of stems); each gives the group's token."""

    words: dict[str, str]
    stems: dict[str, str]
    phrases: dict[tuple[str, ...], str]

    def of_word(self, word: str) -> str | None:
        """The group of a normalised word; by its stem only if an ending was taken off (دورتها, not دور, is a دورة)."""
        for form in (word, _without_article(word), _without_article(word[1:]) if word.startswith("و") else word):
            if form in self.words:
                return self.words[form]
        root = _stem_of(word)
        return self.stems.get(root) if root != _without_article(word) else None


@lru_cache(maxsize=1)
def _synonyms() -> _Synonyms:
    """Read the synonym groups that stand beside this file; a group's token is a mark and its first member."""
    groups = yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text("utf-8"))["groups"]
    found = _Synonyms({}, {}, {})
    for group in groups:
        members = [normalise(str(member)).split() for member in group]
        token = _MARK + _MARK.join(members[0])
        for member in members:
            if len(member) == 1:
                found.words.setdefault(member[0], token)
                found.stems.setdefault(_stem_of(member[0]), token)
            else:
                found.phrases.setdefault(tuple(map(_stem_of, member)), token)
    return found


def _words(text: str) -> list[str]:
    """The words as spelled (hamza kept), without stop words. «على» is one, the name «علي» is not."""
    return [word for word in _tidy(text).split() if word not in _STOP_WORDS]


def _hamza_stem(word: str) -> str | None:
    """A stem in which ؤ ئ ء are one sign, so that مسؤولية and مسئولية meet; None for a word without them."""
    unified = word.translate(_HAMZAS)
    return _MARK + _stem_of(normalise(unified)) if "ء" in unified[:-1] else None


def _spellings(word: str) -> Iterator[str]:
    """The tokens under which one word of a document can be found."""
    plain = normalise(word)
    forms = [plain]
    keep = _ONE_LETTER_PREFIXES.get(plain[0])
    if keep and len(plain) > keep:
        forms.append(plain[1:])
    for form in forms:
        yield form
        yield _stem_of(form)
        if group := _synonyms().of_word(form):
            yield group
    # قايمة for قائمة: often typed so, and then only the doctored spelling has a hamza.
    for spelled in (word, word.replace("اي", "ائ")):
        if hamza := _hamza_stem(spelled):
            yield hamza


def _phrases(words: list[str]) -> Iterator[tuple[int, int, str]]:
    """Where synonym phrases stand among normalised words: first word, number of words, token."""
    phrases = _synonyms().phrases
    stems = [_stem_of(word) for word in words]
    for start, word in enumerate(words):
        heads = {stems[start], _stem_of(word[1:])} if word[0] in _ONE_LETTER_PREFIXES else {stems[start]}
        for phrase, token in phrases.items():
            if phrase[0] in heads and tuple(stems[start + 1 : start + len(phrase)]) == phrase[1:]:
                yield start, len(phrase), token


def search_document(*texts: str | None) -> str:
    """Return what is stored to be searched: plain forms, stems and synonym tokens, with a space at both ends."""
    tokens: dict[str, None] = {}
    for text in texts:
        words = _words(text or "")
        plain = [normalise(word) for word in words]
        for word in words:
            tokens.update(dict.fromkeys(_spellings(word)))
        tokens.update((token, None) for _, _, token in _phrases(plain))
        for first, second in pairwise(plain):
            if first in _JOINED_NAMES:
                tokens.update(dict.fromkeys((first + second, _stem_of(first + second))))
    return f" {' '.join(tokens)} "


def _joined(words: list[str]) -> list[str]:
    """Write «عبد الله» as «عبدالله», so that both spellings of a name are one term."""
    joined: list[str] = []
    for word in words:
        if joined and normalise(joined[-1]) in _JOINED_NAMES:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def _term(word: str) -> str:
    """The one token that must stand in a document for a queried word to be found there."""
    return _synonyms().of_word(normalise(word)) or _hamza_stem(word) or _stem_of(normalise(word))


def search_terms(query: str) -> list[str]:
    """Return one token per word of the query, all of which a document must contain; [] when only stop words were typed.

    A document matches when `LIKE '% ' || term || ' %'` holds for every term. No term holds a % or _.
    """
    words = _joined(_words(query[:_LONGEST_QUERY]))
    terms: dict[str, None] = {}
    skip_until = 0
    phrases = {start: (length, token) for start, length, token in _phrases([normalise(word) for word in words])}
    for place, word in enumerate(words):
        if place < skip_until:
            continue
        length, token = phrases.get(place) or (1, _term(word))
        skip_until = place + length
        terms[token] = None
    return list(terms)[:_MOST_TERMS]


def matches(query: str, document: str) -> bool:
    """Whether a text made by `search_document` holds every term of the query; without terms nothing matches."""
    terms = search_terms(query)
    return bool(terms) and all(f" {term} " in document for term in terms)


# --- Short answers ----------------------------------------------------------------

_FORGIVING_FROM = 5


@dataclass(frozen=True, slots=True)
class Match:
    """An accepted answer that was given: to the letter, or with a slip of spelling (`exact` is False) to be noted."""

    accepted: str
    exact: bool


def _bare_word(word: str) -> str:
    """The word without a leading ال."""
    return word[2:] if word.startswith("ال") and len(word) > _SHORTEST else word


def compare_key(answer: str) -> str:
    """Return what of a short answer counts: the search key, numbers whole, without ء and without the ال of each word."""
    words = normalise(whole_numbers(answer)).replace("ء", "").split()
    return " ".join(_bare_word(word) for word in words)


def _exact_keys(answer: str) -> set[str]:
    """The keys of which one must agree: with ؤ as و and ئ as ي, or with every hamza gone; spaces do not count.

    Signs alone, which have no letters to compare, are their own key.
    """
    without_hamza = re.sub("[ؤئء]", "", unicodedata.normalize("NFKC", answer))
    keys = {compare_key(text).replace(" ", "") for text in (answer, without_hamza)} - {""}
    return keys or {unicodedata.normalize("NFKC", answer).strip()}


def _one_slip_apart(first: str, second: str) -> bool:
    """Whether one letter added, lost or changed, or two neighbours exchanged, makes the words equal.

    That is a Damerau-Levenshtein distance of at most 1 (Damerau 1964, Communications of the ACM 7, 171-176).
    """
    if abs(len(first) - len(second)) > 1:
        return False
    same = next((place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if same is None:
        return True
    rest, other = first[same:], second[same:]
    exchanged = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return exchanged or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def _nearly(given: list[str], accepted: list[str]) -> bool:
    """Whether each word is the accepted one or, in words of at least five letters, one slip away from it."""
    return len(given) == len(accepted) and all(
        word == right or (len(right) >= _FORGIVING_FROM and right.isalpha() and _one_slip_apart(word, right))
        for word, right in zip(given, accepted, strict=True)
    )


def same_answer(given: str, accepted: Iterable[str], *, slips: bool = True) -> Match | None:
    """Return the accepted answer that was given or None; an exact one goes before a misspelt one.

    Without `slips` only an exact one counts.
    """
    answers = list(accepted)
    keys = _exact_keys(given)
    if keys == {""}:
        return None
    for answer in answers:
        if keys & _exact_keys(answer):
            return Match(answer, exact=True)
    words = compare_key(given).split() if slips else []
    for answer in answers:
        if words and _nearly(words, compare_key(answer).split()):
            return Match(answer, exact=False)
    return None


# --- Sorting ----------------------------------------------------------------

_ALPHABET = {letter: place for place, letter in enumerate("ءابپةتثجچحخدذرزژسشصضطظعغفڤقكگلمنهوىي")}
_SAME_PLACE = str.maketrans("أإآٱؤئىةیک", "اااا" + "وي" + "يت" + "يك")
_RUNS = re.compile(r"[0-9]+|\D")


def _place(run: str) -> tuple[int, int, str]:
    """Where a letter or a whole number stands: spaces, numbers by value, Arabic, then everything else."""
    if run == " ":
        return 0, 0, ""
    if run.isdigit():
        number = run.lstrip("0")
        return 1, len(number), number
    return (2, _ALPHABET[run], "") if run in _ALPHABET else (3, 0, run)


def sort_key(text: str) -> tuple[tuple[tuple[int, int, str], ...], str, str]:
    """Return a key: Arabic before Latin, آ أ إ ا as one letter (then apart), the first word's ال ignored."""
    tidy = _tidy(text)
    bare = tidy[2:] if tidy.startswith("ال") and len(tidy.split(" ", 1)[0]) - 2 >= _SHORTEST else tidy
    runs = _RUNS.findall(bare.translate(_SAME_PLACE))
    return tuple(_place(run) for run in runs), bare, text
