"""What differs between two versions of a course, told by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from academy.base.text import LocalizedText
from academy.catalogue.rules.texts import NamedText

MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Part:
    """The details, a unit or an activity of a version; `facts` are (English msgid, value) beside the texts."""

    sort: str
    key: str
    title: LocalizedText
    place: str = ""
    texts: tuple[NamedText, ...] = ()
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a text, and whether they are only on this side."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text that changed in one language: before and after, in runs of words."""

    label: str
    number: int
    language: str
    before: tuple[Run, ...]
    after: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs; `how` is added, removed, moved, changed, or moved and changed together."""

    sort: str
    key: str
    title: LocalizedText
    how: tuple[str, ...]
    texts: tuple[TextChange, ...] = ()
    facts: tuple[tuple[str, object, object], ...] = ()


def compare(before: Sequence[Part], after: Sequence[Part]) -> list[Change]:
    """Return what differs, in the order of the newer version, removed parts last."""
    old = {(part.sort, part.key): part for part in before}
    new = {(part.sort, part.key) for part in after}
    moved = _moved(before, after)
    found = [_change(old.get((part.sort, part.key)), part, (part.sort, part.key) in moved) for part in after]
    gone = [
        Change(part.sort, part.key, part.title, ("removed",)) for part in before if (part.sort, part.key) not in new
    ]
    return [change for change in found if change.how] + gone


def _change(old: Part | None, new: Part, moved: bool) -> Change:
    if old is None:
        return Change(new.sort, new.key, new.title, ("added",), text_changes((), new.texts))
    texts = text_changes(old.texts, new.texts)
    were = dict(old.facts)
    facts = tuple((label, were.get(label), value) for label, value in new.facts if were.get(label) != value)
    how = (*(("moved",) if moved else ()), *(("changed",) if texts or facts else ()))
    return Change(new.sort, new.key, new.title, how, texts, facts)


def _moved(before: Sequence[Part], after: Sequence[Part]) -> set[tuple[str, str]]:
    """Return the parts that stand elsewhere: in another unit, or out of the longest order the two versions share."""
    moved = set[tuple[str, str]]()
    places = {(part.sort, part.key): part.place for part in before}
    for sort in ("unit", "activity"):
        old = [part.key for part in before if part.sort == sort]
        new = [part.key for part in after if part.sort == sort]
        shared = [[key for key in side if key in other] for side, other in ((old, set(new)), (new, set(old)))]
        blocks = SequenceMatcher(None, shared[0], shared[1], autojunk=False).get_matching_blocks()
        steady = {key for block in blocks for key in shared[0][block.a : block.a + block.size]}
        moved |= {(sort, key) for key in shared[1] if key not in steady}
    return moved | {
        (part.sort, part.key)
        for part in after
        if (part.sort, part.key) in places and places[part.sort, part.key] != part.place
    }


def text_changes(before: Sequence[NamedText], after: Sequence[NamedText]) -> tuple[TextChange, ...]:
    """Return the texts that changed, each in one language, in the order of the newer side."""
    old = {(text.label, text.number): text.text for text in before}
    new = {(text.label, text.number): text.text for text in after}
    none = LocalizedText()
    return tuple(
        TextChange(
            *name, language, *runs(getattr(old.get(name, none), language), getattr(new.get(name, none), language))
        )
        for name in dict.fromkeys((*new, *old))
        for language in ("ar", "en")
        if getattr(old.get(name, none), language) != getattr(new.get(name, none), language)
    )


def runs(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Return both texts as runs of words, marking those that are on one side only."""
    old, new = before.split(" "), after.split(" ")
    if len(old) + len(new) > MOST_WORDS:
        return (Run(before, True),), (Run(after, True),)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    left = [Run(" ".join(old[a:b]), step != "equal") for step, a, b, _c, _d in steps if b > a]
    right = [Run(" ".join(new[c:d]), step != "equal") for step, _a, _b, c, d in steps if d > c]
    return tuple(run for run in left if run.words), tuple(run for run in right if run.words)
