"""Frameworks as CASE 1.1 JSON, in and out.

CASE texts are in one language. What we write is in the language asked for, with both languages under `extensions.cx`, which
we read back; of other publishers' files the plain fields are read, in the language that they name. A top item is a domain,
every leaf below it a competency, and a rubric's levels are its indicators.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from academy.base.i18n import _l
from academy.base.text import LocalizedText, clean_block, clean_line, has_arabic
from academy.competencies.frameworks.content import (
    CODE,
    HIGHEST_LEVEL,
    LINE,
    CompetencyText,
    Content,
    DomainText,
    Step,
    content_of,
)
from academy.competencies.frameworks.reading import Place, Reading, Unreadable, utf8

_ROOT = uuid5(NAMESPACE_URL, "urn:cx-academy:frameworks")
_NOT_KEPT = ("educationLevel", "conceptKeywords", "subject", "licenseURI", "notes", "alternativeLabel")


class _Writer:
    """Writes one framework in one language."""

    def __init__(self, key: str, content: Content, language: str, at: datetime) -> None:
        self.content, self.language = content, language
        self.root = uuid5(_ROOT, key)
        self.at = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")

    def say(self, text: LocalizedText) -> str:
        return text.show(self.language)

    def head(self, *way: object) -> dict[str, Any]:
        """Return what every object has: an identifier that stays from version to version."""
        number = uuid5(self.root, "/".join(map(str, way)))
        return {"identifier": str(number), "uri": f"urn:uuid:{number}", "lastChangeDateTime": self.at}

    def link(self, title: str, *way: object) -> dict[str, str]:
        head = self.head(*way)
        return {"title": title, "identifier": head["identifier"], "uri": head["uri"]}

    def package(self) -> dict[str, Any]:
        """Return the whole package."""
        content, items, ties = self.content, list[dict[str, Any]](), list[dict[str, Any]]()
        top = self.link(self.say(content.title), "document")
        domains = [domain for domain in content.domains if not domain.retired]
        for place, domain in enumerate(domains, 1):
            items.append(self.item(domain.key, domain.name, domain.name, "Domain", top))
            ties.append(self.tie(domain.key, self.say(domain.name), top, place))
            over = self.link(self.say(domain.name), "item", domain.key)
            for number, each in enumerate((c for c in domain.competencies if not c.retired), 1):
                items.append(self.item(each.key, each.name, each.definition or each.name, "Competency", top))
                ties.append(self.tie(each.key, self.say(each.name), over, number))
        return {
            "CFDocument": self.document(), "CFItems": items, "CFAssociations": ties,
            "CFDefinitions": {
                "CFConcepts": [], "CFSubjects": [], "CFLicenses": [], "CFAssociationGroupings": [],
                "CFItemTypes": [
                    {**self.head("type", name), "title": name, "description": name, "hierarchyCode": str(n), "typeCode": name}
                    for n, name in enumerate(("Domain", "Competency"), 1)
                ],
            },
            "CFRubrics": [self.rubric()],
        }  # fmt: skip

    def document(self) -> dict[str, Any]:
        content = self.content
        holding = [
            {**d.as_json(), "competencies": [c.as_json() for c in d.competencies if not c.retired]}
            for d in content.domains if not d.retired
        ]  # fmt: skip
        return {
            **self.head("document"), "creator": "CX Academy", "title": self.say(content.title),
            "language": self.language, "version": content.label, "adoptionStatus": "Adopted",
            "frameworkType": "competency", "caseVersion": "1.1", "description": self.say(content.rule),
            "CFPackageURI": self.link(self.say(content.title), "package"),
            "extensions": {"cx": {**content.as_json(), "domains": holding}},
        }  # fmt: skip

    def item(
        self, key: str, name: LocalizedText, said: LocalizedText, kind: str, top: dict[str, str]
    ) -> dict[str, Any]:
        return {
            **self.head("item", key), "humanCodingScheme": key, "fullStatement": self.say(said),
            "abbreviatedStatement": self.say(name), "CFItemType": kind, "language": self.language,
            "CFItemTypeURI": self.link(kind, "type", kind), "CFDocumentURI": top,
        }  # fmt: skip

    def tie(self, key: str, title: str, over: dict[str, str], place: int) -> dict[str, Any]:
        return {
            **self.head("child", key), "associationType": "isChildOf", "sequenceNumber": place,
            "originNodeURI": self.link(title, "item", key), "destinationNodeURI": over,
            "CFDocumentURI": self.link(self.say(self.content.title), "document"),
        }  # fmt: skip

    def rubric(self) -> dict[str, Any]:
        content = self.content
        names = {step.level: self.say(step.name) for step in content.scale}
        rubric, criteria = self.head("rubric"), list[dict[str, Any]]()
        for place, each in enumerate((c for c in content.competencies if not c.retired), 1):
            head = self.head("criterion", each.key)
            levels = [
                {
                    **self.head("level", each.key, level), "description": self.say(said), "quality": names.get(level, ""),
                    "score": level, "position": level, "rubricCriterionId": head["identifier"],
                }
                for level, said in sorted(each.levels.items())
            ]  # fmt: skip
            criteria.append({
                **head, "category": each.key, "description": self.say(each.name), "position": place,
                "CFItemURI": self.link(self.say(each.name), "item", each.key), "rubricId": rubric["identifier"],
                "CFRubricCriterionLevels": levels,
            })  # fmt: skip
        return {
            **rubric,
            "title": self.say(content.title),
            "description": self.say(content.rule),
            "CFRubricCriteria": criteria,
        }


def write(key: str, content: Content, *, language: str, at: datetime) -> bytes:
    """Write what holds as a CASE 1.1 package; role profiles have no place in CASE."""
    package = _Writer(key, content, language, at).package()
    return json.dumps(package, ensure_ascii=False, indent=1).encode()


def read(data: bytes, scale: tuple[Step, ...]) -> Reading:
    """Read a package; `scale` is taken when the file has no levels with names. Raises Unreadable."""
    try:
        stored = json.loads(utf8(data), object_pairs_hook=_once)
    except RecursionError:
        raise Unreadable(_l("The file is nested too deeply.")) from None
    except ValueError:
        raise Unreadable(_l("This is not JSON.")) from None
    top = Place("", stored)
    names = (
        ("CFDocument", "CFItems", "CFAssociations") if top.has("CFDocument") else ("document", "items", "associations")
    )
    document = top.at(names[0])
    own = (document.mapping().get("extensions") or {}) if isinstance(document.mapping().get("extensions"), dict) else {}
    if isinstance(own.get("cx"), dict):
        return Reading(_ours(Place(f"{names[0]}.extensions.cx", own["cx"])))
    return _Foreign(top, document, names, scale).reading()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen = [name for name, _value in pairs]
        twice = next(name for name in seen if seen.count(name) > 1)
        raise Unreadable(_l("“%(name)s” stands twice in one place."), name=twice[:60])
    return found


def _ours(part: Place) -> Content:
    """Return the content as we wrote it, every part of it checked."""
    steps = [
        {"level": each.at("level").level(), "name": each.at("name").text().as_dict(), "meaning": each.at("meaning").text().as_dict()}
        for each in part.each("scale")
    ]  # fmt: skip
    domains = [
        {
            "key": each.at("key").word(), "name": each.at("name").text().as_dict(), "purpose": each.at("purpose").text().as_dict(),
            "competencies": [_our_competency(inner) for inner in each.each("competencies")],
        }
        for each in part.each("domains")
    ]  # fmt: skip
    texts = {"title": part.at("title").text().as_dict(), "rule": part.at("rule").text().as_dict()}
    return content_of({"label": part.at("label").word(), **texts, "scale": steps, "domains": domains})


def _our_competency(part: Place) -> dict[str, Any]:
    levels = part.at("levels")
    said = {
        str(Place(f"{levels.way}.{level}", level).level()): Place(f"{levels.way}.{level}", text).text().as_dict()
        for level, text in levels.mapping().items()
    }
    name, definition = part.at("name").text().as_dict(), part.at("definition").text().as_dict()
    return {"key": part.at("key").word(), "name": name, "definition": definition, "levels": said}


class _Foreign:
    """Another publisher's package, by its plain fields."""

    def __init__(self, top: Place, document: Place, names: tuple[str, str, str], scale: tuple[Step, ...]) -> None:
        self.document, self.scale, self.top = document, scale, top
        self.notes: set[str] = set()
        self.items = {self._id(each): each for each in top.each(names[1])}
        if len(self.items) < sum(1 for _each in top.each(names[1])):
            raise Unreadable(_l("Two items of the file have the same identifier."))
        self.above: dict[str, str] = {}
        self.order: dict[str, int] = {}
        for each in top.each(names[2]):
            if each.at("associationType").word() == "isChildOf":
                child = self._id(each.at("originNodeURI"))
                self.above.setdefault(child, self._id(each.at("destinationNodeURI")))
                place = each.mapping().get("sequenceNumber")
                self.order[child] = place if isinstance(place, int) else len(self.order)
            else:
                self.notes.add(f"association {each.at('associationType').word()[:40]}")
        self.language = self._word(document, "language")[:2]

    def _id(self, part: Place) -> str:
        part.mapping()
        found = part.at("identifier" if part.has("identifier") else "sourcedId")
        try:
            return str(UUID(found.word()))
        except ValueError:
            raise found.bad(_l("%(place)s: an identifier in the form of a UUID is needed here.")) from None

    def _word(self, part: Place, key: str) -> str:
        value = part.mapping().get(key)
        return clean_line(value) if isinstance(value, str) else ""

    def _say(self, text: str, part: Place) -> LocalizedText:
        language = self._word(part, "language")[:2] or self.language
        arabic = language == "ar" or (language != "en" and has_arabic(text))
        return LocalizedText(ar=clean_block(text)) if arabic else LocalizedText(en=clean_block(text))

    def reading(self) -> Reading:
        """Return domains with their leaves."""
        tops = self._sorted(key for key in self.items if self.above.get(key) not in self.items)
        levels = self._rubrics()
        domains, loose, used = list[DomainText](), list[CompetencyText](), set[str]()
        for number, key in enumerate(tops, 1):
            leaves = self._leaves(key)
            code = self._code(self.items[key], f"D{number}", used)
            inside = tuple(
                self._competency(leaf, self._code(self.items[leaf], f"{code}.{n}", used), levels)
                for n, leaf in enumerate(leaves, 1)
            )
            if leaves:
                name = self._name(self.items[key])
                domains.append(DomainText(code, name, self._definition(self.items[key], name), inside))
            else:
                loose.append(self._competency(key, code, levels))
        title = self._say(self.document.at("title").word(), self.document)
        if loose:
            domains.append(DomainText(self._code(self.document, "D0", used), title, LocalizedText(), tuple(loose)))
        for each in self.items.values():
            self.notes |= {name for name in _NOT_KEPT if each.has(name)}
        rule = self._say(self._word(self.document, "description"), self.document)
        label = self._word(self.document, "version")[:20] or "1.0"
        return Reading(Content(label, title, rule, self.scale, tuple(domains)), (), tuple(sorted(self.notes)))

    def _sorted(self, keys: Iterable[str]) -> list[str]:
        return sorted(keys, key=lambda key: self.order.get(key, 0))

    def _leaves(self, top: str) -> list[str]:
        below: dict[str, list[str]] = {}
        for child, over in self.above.items():
            if child in self.items:
                below.setdefault(over, []).append(child)
        found, waiting, seen = list[str](), self._sorted(below.get(top, ()))[::-1], {top}
        while waiting:
            key = waiting.pop()
            if key in seen:
                raise Unreadable(_l("The items of the file stand in a circle."))
            seen.add(key)
            if inner := self._sorted(below.get(key, ())):
                self.notes.add(f"group {self._name(self.items[key]).show('en')[:60]}")
                waiting += inner[::-1]
            else:
                found.append(key)
        return found

    def _code(self, part: Place, otherwise: str, used: set[str]) -> str:
        code = self._word(part, "humanCodingScheme").replace(" ", "-")
        code = code if CODE.fullmatch(code) and code not in used else otherwise[:20]
        while code in used:
            code = f"{code[:17]}-{len(used)}"
        used.add(code)
        return code

    def _name(self, part: Place) -> LocalizedText:
        return self._say((self._word(part, "abbreviatedStatement") or part.at("fullStatement").word())[:LINE], part)

    def _definition(self, part: Place, name: LocalizedText) -> LocalizedText:
        said = self._say(part.at("fullStatement").word(), part)
        return said if said != name else LocalizedText()

    def _competency(self, key: str, code: str, levels: dict[str, dict[int, LocalizedText]]) -> CompetencyText:
        part = self.items[key]
        name = self._name(part)
        return CompetencyText(code, name, self._say(part.at("fullStatement").word(), part), levels.get(key, {}))

    def _rubrics(self) -> dict[str, dict[int, LocalizedText]]:
        """Return the indicators by item; levels beyond the scale have no place."""
        found: dict[str, dict[int, LocalizedText]] = {}
        for rubric in self.top.each("CFRubrics"):
            for criterion in rubric.each("CFRubricCriteria"):
                if not criterion.has("CFItemURI"):
                    continue
                said = found.setdefault(self._id(criterion.at("CFItemURI")), {})
                for place, level in enumerate(criterion.each("CFRubricCriterionLevels"), 1):
                    number = level.mapping().get("position")
                    number = number if isinstance(number, int) and not isinstance(number, bool) else place
                    if 1 <= number <= min(HIGHEST_LEVEL, len(self.scale)):
                        said[number] = self._say(self._word(level, "description"), rubric)
                    else:
                        self.notes.add(f"level {number}")
        return found
