"""Pure rules of letters in the academy's own words: their variables, what may not be missing, what a reader is written.

A variable is a name in curly brackets. A line whose variables are not all known is left out, as a sentence of ours is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from academy.base.errors import Invalid
from academy.base.i18n import LANGUAGES, _l, in_language
from academy.base.text import LocalizedText, clean_line, isolate
from academy.notices.kinds import Kind
from academy.notices.values import PHRASES, phrases_of

SHIPPED_PLACE = re.compile(r"%\((\w+)\)s")
PLACE = re.compile(r"\{(\w+)\}")
_PART = re.compile(r"\{[^{}\n]*\}|[{}]")
SUBJECT, BODY = 200, 2_000
NOTHING = LocalizedText()


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A subject and a text in two languages; a half that is empty follows the wording we ship."""

    subject: LocalizedText = NOTHING
    body: LocalizedText = NOTHING

    def half(self, language: str) -> tuple[str, str]:
        """Return subject and text of one language, never those of the other."""
        return getattr(self.subject, language), getattr(self.body, language)

    def __bool__(self) -> bool:
        return bool(self.subject or self.body)


SHIPPED = OwnWords()


def shipped(kind: Kind) -> OwnWords:
    """Return the wording we ship, written as an editor sees it."""
    said: dict[str, tuple[str, str]] = {}
    for language in LANGUAGES:
        with in_language(language):
            said[language] = _folded(kind.title), "\n".join(_folded(line) for line in kind.body)
    (ar_subject, ar_body), (en_subject, en_body) = said["ar"], said["en"]
    return OwnWords(LocalizedText(ar_subject, en_subject), LocalizedText(ar_body, en_body))


def _folded(sentence: Any) -> str:
    return clean_line(SHIPPED_PLACE.sub(r"{\1}", str(sentence)))


def standing(kind: Kind, own: OwnWords) -> OwnWords:
    """Return what letters of a kind say: their own words, and ours where there are none."""
    ours = shipped(kind)
    return OwnWords(_over(own.subject, ours.subject), _over(own.body, ours.body))


def _over(own: LocalizedText, ours: LocalizedText) -> LocalizedText:
    return LocalizedText(own.ar or ours.ar, own.en or ours.en)


def without_shipped(kind: Kind, typed: OwnWords) -> OwnWords:
    """Return typed words without those that are ours word for word, so that these go on following the academy."""
    ours = shipped(kind)
    return OwnWords(_less(typed.subject, ours.subject), _less(typed.body, ours.body))


def _less(typed: LocalizedText, ours: LocalizedText) -> LocalizedText:
    return LocalizedText("" if typed.ar == ours.ar else typed.ar, "" if typed.en == ours.en else typed.en)


def variables(kind: Kind) -> list[str]:
    """Return the variables of a kind in the order of its sentences, then the phrases made of them."""
    found = [name for line in (kind.title, *kind.body) for name in _shipped_places(line)]
    names = list(dict.fromkeys([*found, "academy"]))
    return names + sorted(phrases_of(set(names)))


def always_known(kind: Kind) -> set[str]:
    """Return the variables that each letter of a kind has: those of its title and of its first sentence."""
    names = {name for line in (kind.title, *kind.body[:1]) for name in _shipped_places(line)} | set(kind.keeps)
    return names | phrases_of(names) | {"academy"}


def needed(kind: Kind) -> set[str]:
    """Return the variables without which a letter would not say what it is about."""
    return always_known(kind) - {"academy"} - set(PHRASES)


def _shipped_places(sentence: Any) -> list[str]:
    # The sentences we write in English are the keys of the others: the places are the same in each language.
    return SHIPPED_PLACE.findall(str(sentence))


def faults(kind: Kind, typed: OwnWords) -> Iterator[Invalid]:
    """Say what is wrong with typed words, each fault with its field: subject-ar, body-en …"""
    said = standing(kind, typed)
    for language in LANGUAGES:
        subject, body = typed.half(language)
        whole_subject, whole_body = said.half(language)
        found = [*_faults_of(kind, subject, f"subject-{language}"), *_faults_of(kind, body, f"body-{language}")]
        found += _uncertain_subject(kind, whole_subject, f"subject-{language}") if not found else []
        found += _missing(kind, whole_subject, whole_body, f"body-{language}") if not found else []
        yield from found


def _faults_of(kind: Kind, text: str, field: str) -> list[Invalid]:
    known, found = variables(kind), []
    for part in _PART.findall(text):
        if len(part) == 1:
            found.append(Invalid(_l("A curly bracket stands alone. A variable is a name between two of them, such as %(name)s."), field=field, name=isolate("{academy}")))  # fmt: skip
        elif part[1:-1] not in known:
            found.append(Invalid(_l("This letter has no variable %(name)s."), field=field, name=isolate(part)))
    return found


def _uncertain_subject(kind: Kind, subject: str, field: str) -> list[Invalid]:
    sentence = _l("The subject cannot use %(name)s, which not each letter has.")
    names = [name for name in PLACE.findall(subject) if name not in always_known(kind)]
    return [Invalid(sentence, field=field, name=isolate(f"{{{name}}}")) for name in names]


def _missing(kind: Kind, subject: str, body: str, field: str) -> list[Invalid]:
    certain = [line for line in body.split("\n") if set(PLACE.findall(line)) <= always_known(kind)]
    if kind.body and not any(line.strip() for line in certain):
        return [Invalid(_l("Each line here uses a variable that not each letter has. One line must do without."), field=field)]  # fmt: skip
    said = {name for text in (subject, *certain) for name in PLACE.findall(text)}
    said |= {PHRASES[name].of for name in said if name in PHRASES}
    sentence = _l("The letter must say %(name)s, in its subject or in a line that each letter has.")
    return [Invalid(sentence, field=field, name=isolate(f"{{{name}}}")) for name in sorted(needed(kind) - said)]


def reworded(kind: Kind, own: OwnWords, language: str) -> Kind:
    """Return a kind that says its own words in one language; its places are in curly brackets then."""
    subject, body = standing(kind, own).half(language)
    lines = tuple(line.strip() for line in body.split("\n") if line.strip())
    return replace(kind, title=subject, body=lines if kind.body else ())


def changes(before: OwnWords, after: OwnWords) -> Mapping[str, tuple[str, str]]:
    """Return what differs between two versions: field → before and after."""
    pairs = {
        f"{field}-{language}": (getattr(getattr(before, field), language), getattr(getattr(after, field), language))
        for field in ("subject", "body")
        for language in LANGUAGES
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
