"""Frameworks as YAML of the format cx-competencies/1, in and out."""

from collections.abc import Hashable, Iterable
from typing import Any

import yaml

from academy.base.i18n import _l
from academy.base.text import LocalizedText
from academy.competencies.frameworks.content import Content, Step
from academy.competencies.frameworks.reading import Place, ProfileText, Reading, Unreadable, domain_of, utf8

FORMAT = "cx-competencies/1"
_DEEPEST = 30


class _Loader(yaml.BaseLoader):
    """YAML in which every scalar is text, nothing is told twice, and no alias makes much out of little."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Build a node, but no alias and no tower of lists."""
        if self.check_event(yaml.AliasEvent):
            raise Unreadable(_l("Aliases (*name) are not accepted. Write the text out."))
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unreadable(_l("The file is nested too deeply."))
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Build a mapping in which a name may stand only once."""
        seen: set[str] = set()
        for key, _value in node.value:
            name = str(key.value)
            if name in seen:
                line = key.start_mark.line + 1
                raise Unreadable(_l("Line %(line)d: “%(name)s” stands twice."), line=line, name=name[:60])
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def read(data: bytes) -> Reading:
    """Read a file; raises Unreadable."""
    text = utf8(data)
    try:
        top = Place("", yaml.load(text, Loader=_Loader))  # noqa: S506  (a loader that knows only texts)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(_l("Line %(line)d: this is not YAML."), line=line) from None
    except (yaml.YAMLError, ValueError):
        raise Unreadable(_l("This is not YAML.")) from None
    if top.at("format").value != FORMAT:
        raise top.at("format").bad(_l("%(place)s: cx-competencies/1 is needed here."))
    content = Content(
        top.at("version").word(), top.at("title").text(), top.at("evidence_rule").text() if top.has("evidence_rule") else LocalizedText(),
        tuple(Step(s.at("level").level(), s.at("name").text(), s.at("meaning").text()) for s in top.each("scale")),
        tuple(map(domain_of, top.each("domains"))),
    )  # fmt: skip
    return Reading(content, tuple(map(_profile, top.each("roles"))))


def _profile(part: Place) -> ProfileText:
    targets = part.at("targets")
    asked = {str(key): Place(f"{targets.way}.{key}", level).level() for key, level in targets.mapping().items()}
    return ProfileText(part.at("id").word(), part.at("name").text(), asked)


def write(content: Content, profiles: Iterable[ProfileText] = ()) -> bytes:
    """Write what holds: retired competencies stay behind."""
    document = {
        "format": FORMAT, "title": content.title.as_dict(), "version": content.label,
        "scale": [step.as_json() for step in content.scale], "evidence_rule": content.rule.as_dict(),
        "domains": [
            {
                "id": domain.key, "name": domain.name.as_dict(), "purpose": domain.purpose.as_dict(),
                "competencies": [
                    {
                        "id": each.key, "name": each.name.as_dict(), "definition": each.definition.as_dict(),
                        "levels": {level: said.as_dict() for level, said in sorted(each.levels.items())},
                    }
                    for each in domain.competencies if not each.retired
                ],
            }
            for domain in content.domains if not domain.retired
        ],
        "roles": [{"id": each.key, "name": each.name.as_dict(), "targets": dict(each.targets)} for each in profiles],
    }  # fmt: skip
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100_000).encode()


class _Dumper(yaml.SafeDumper):
    """YAML without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write equal values out."""
        return True
