"""A file of a framework taken apart with care: whatever is wrong is refused with its place, before anything is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_block, clean_line
from academy.competencies.frameworks.content import (
    BLOCK,
    CODE,
    HIGHEST_LEVEL,
    LINE,
    MOST_COMPETENCIES,
    MOST_DOMAINS,
    CompetencyText,
    Content,
    DomainText,
)

MOST_BYTES = 1_000_000
MOST_PROFILES = 100


class Unreadable(Invalid):
    """The file cannot be taken as a framework; the sentence says why, with the place in the file."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence, field="file", **values)


@dataclass(frozen=True, slots=True)
class ProfileText:
    """A role profile as a file has it."""

    key: str
    name: LocalizedText
    targets: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {"key": self.key, "name": self.name.as_dict(), "targets": dict(self.targets)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says; `notes` name what of it has no place in the academy."""

    content: Content
    profiles: tuple[ProfileText, ...] = ()
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file with the way to it, such as `domains[D1].name`."""

    way: str
    value: Any

    def bad(self, sentence: str, **values: object) -> Unreadable:
        """Return the refusal that blames this place; the sentence holds %(place)s."""
        return Unreadable(sentence, place=self.way[:120] or "/", **values)

    def mapping(self) -> Mapping[str, Any]:
        """Return the value, which must be a mapping."""
        if not isinstance(self.value, dict):
            raise self.bad(_l("%(place)s: names with values are needed here."))
        return self.value

    def has(self, key: str) -> bool:
        """Whether there is a value under the key."""
        return self.mapping().get(key) not in (None, "")

    def at(self, key: str) -> "Place":
        """Return the place under a key, which must be there."""
        inner = Place(f"{self.way}.{key}" if self.way else key, self.mapping().get(key))
        if inner.value is None:
            raise inner.bad(_l("%(place)s: is missing."))
        return inner

    def each(self, key: str) -> Iterator["Place"]:
        """Return the places of a list; an absent list is an empty one."""
        whole = Place(f"{self.way}.{key}" if self.way else key, self.mapping().get(key))
        if whole.value is None:
            return
        if not isinstance(whole.value, list):
            raise whole.bad(_l("%(place)s: a list is needed here."))
        for number, item in enumerate(whole.value):
            label = item.get("id", number) if isinstance(item, dict) else number
            yield Place(f"{whole.way}[{str(label)[:40]}]", item)

    def word(self) -> str:
        """Return the value as one line of text."""
        if not isinstance(self.value, str | int | float) or isinstance(self.value, bool):
            raise self.bad(_l("%(place)s: a text is needed here."))
        return clean_line(str(self.value))

    def text(self) -> LocalizedText:
        """Return a text in Arabic and English; either may be absent."""
        found = self.mapping()
        if strange := next((key for key in found if key not in ("ar", "en")), None):
            raise self.bad(_l("%(place)s: only ar and en may stand here, not %(name)s."), name=str(strange)[:40])
        halves = {name: Place(f"{self.way}.{name}", found.get(name) or "") for name in ("ar", "en")}
        for half in halves.values():
            if not isinstance(half.value, str):
                raise half.bad(_l("%(place)s: a text is needed here."))
        return LocalizedText(clean_block(halves["ar"].value), clean_block(halves["en"].value))

    def level(self) -> int:
        """Return a level from 1 to 4."""
        said = str(self.value)
        if said not in {str(level) for level in range(1, HIGHEST_LEVEL + 1)}:
            raise self.bad(_l("%(place)s: a level from 1 to 4 is needed here."))
        return int(said)


def utf8(data: bytes) -> str:
    """Return the text of a file; refuse what is too large, empty or not UTF-8."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_l("The file is too large: at most one megabyte."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_l("The file is not in UTF-8. Save it as UTF-8 and choose it again.")) from None
    if not text.strip() or "\0" in text:
        raise Unreadable(_l("The file is empty or is no text."))
    return text


def sound(reading: Reading, prefix: str = "") -> Reading:
    """Return the reading with a prefix before every code, held to the bounds of a framework."""
    content = _prefixed(reading.content, prefix) if prefix else reading.content
    profiles = tuple(
        replace(each, targets={f"{prefix}{key}": level for key, level in each.targets.items()})
        for each in reading.profiles
    )
    _hold_to_size(content, profiles)
    seen: set[str] = set()
    for part in content.parts:
        if not CODE.fullmatch(part.key):
            raise Unreadable(
                _l("%(place)s: use up to 20 Latin letters, digits, dots and hyphens as a code."),
                place=part.key[:60] or "/",
            )
        if part.key in seen:
            raise Unreadable(_l("%(place)s: this code stands twice."), place=part.key)
        seen.add(part.key)
    if [step.level for step in content.scale] != list(range(1, len(content.scale) + 1)):
        raise Unreadable(_l("%(place)s: the levels must be 1, 2 and so on, each once."), place="scale")
    _hold_texts(content)
    _hold_profiles(content, profiles)
    return replace(reading, content=content, profiles=profiles)


def _prefixed(content: Content, prefix: str) -> Content:
    domains = tuple(
        replace(
            domain, key=f"{prefix}{domain.key}",
            competencies=tuple(replace(each, key=f"{prefix}{each.key}") for each in domain.competencies),
        )
        for domain in content.domains
    )  # fmt: skip
    return replace(content, domains=domains)


def _hold_to_size(content: Content, profiles: tuple[ProfileText, ...]) -> None:
    if not content.domains:
        raise Unreadable(_l("There is no domain in the file."))
    count = sum(1 for _each in content.competencies)
    if len(content.domains) > MOST_DOMAINS or count > MOST_COMPETENCIES or len(profiles) > MOST_PROFILES:
        raise Unreadable(_l("A framework has at most 60 domains, 500 competencies and 100 role profiles."))


def _hold_texts(content: Content) -> None:
    texts: list[tuple[str, LocalizedText, int]] = [
        ("title", content.title, LINE),
        ("evidence_rule", content.rule, BLOCK),
    ]
    for step in content.scale:
        texts += [(f"scale[{step.level}]", step.name, LINE), (f"scale[{step.level}]", step.meaning, BLOCK)]
    for domain in content.domains:
        texts += [(domain.key, domain.name, LINE), (domain.key, domain.purpose, BLOCK)]
    for each in content.competencies:
        texts += [(each.key, each.name, LINE), (each.key, each.definition, BLOCK)]
        texts += [(each.key, said, BLOCK) for said in each.levels.values()]
        if strange := next((level for level in each.levels if level not in content.levels), None):
            raise Unreadable(_l("%(place)s: the scale has no level %(level)s."), place=each.key, level=strange)
    for place, text, limit in texts:
        if len(text.ar) > limit or len(text.en) > limit:
            raise Unreadable(_l("%(place)s: a text is longer than %(limit)s characters."), place=place, limit=limit)
    if len(content.label) > 20:
        raise Unreadable(_l("%(place)s: a text is longer than %(limit)s characters."), place="version", limit=20)
    if not content.title:
        raise Unreadable(_l("%(place)s: is missing."), place="title")


def _hold_profiles(content: Content, profiles: tuple[ProfileText, ...]) -> None:
    known, seen = {each.key for each in content.competencies}, set[str]()
    for profile in profiles:
        place = f"roles[{profile.key[:40]}]"
        if (
            not profile.key.replace("_", "").replace("-", "").isalnum()
            or not profile.key.isascii()
            or len(profile.key) > 40
        ):
            raise Unreadable(_l("%(place)s: use small Latin letters, digits, hyphens and underscores."), place=place)
        if profile.key in seen:
            raise Unreadable(_l("%(place)s: this code stands twice."), place=place)
        seen.add(profile.key)
        if strange := next((key for key in profile.targets if key not in known), None):
            raise Unreadable(_l("%(place)s: there is no competency %(name)s."), place=place, name=strange[:40])


def competency_of(part: Place) -> CompetencyText:
    """Return a competency of a YAML file."""
    levels = part.at("levels")
    said = {
        Place(f"{levels.way}.{level}", level).level(): Place(f"{levels.way}.{level}", text).text()
        for level, text in levels.mapping().items()
    }
    return CompetencyText(part.at("id").word(), part.at("name").text(), part.at("definition").text(), said)


def domain_of(part: Place) -> DomainText:
    """Return a domain of a YAML file."""
    inside = tuple(map(competency_of, part.each("competencies")))
    return DomainText(part.at("id").word(), part.at("name").text(), part.at("purpose").text(), inside)
