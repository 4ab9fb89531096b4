"""What differs between two contents of a framework, part by part."""

from dataclasses import dataclass, replace
from typing import Literal

from academy.base.text import LocalizedText
from academy.competencies.frameworks.content import NO_TEXT, CompetencyText, Content, DomainText

Sort = Literal["details", "scale", "domain", "competency"]
How = Literal["added", "changed", "moved", "retired", "back", "removed", "same"]
TAKEN, CHANGED, LOST, SAME = "taken", "changed", "lost", "same"


@dataclass(frozen=True, slots=True)
class Change:
    """A part that differs; `fields` are what of it: name, definition, purpose, domain, place or level 1 to 4."""

    sort: Sort
    how: How
    key: str = ""
    name: LocalizedText = NO_TEXT
    fields: tuple[str, ...] = ()

    @property
    def fate(self) -> str:
        """What becomes of the part: taken, changed, lost or the same."""
        fates = {"added": TAKEN, "back": TAKEN, "removed": LOST, "retired": LOST, "same": SAME}
        return fates.get(self.how, CHANGED)


def changes(before: Content | None, after: Content) -> list[Change]:
    """Return what differs, in the order of the new content and what is gone at the end; nothing of parts that are alike."""
    return [each for each in all_parts(before, after) if each.how != "same"]


def all_parts(before: Content | None, after: Content) -> list[Change]:
    """Return every part with what becomes of it, also of those that stay the same."""
    old = before or Content("", NO_TEXT, NO_TEXT)
    found = [_details(old, after), _scale(old, after)] if before else []
    for domain in after.domains:
        found.append(_domain(old, after, domain))
        found += [_competency(old, after, domain, each) for each in domain.competencies]
    found += [Change("domain", "removed", each.key, each.name) for each in old.domains if not after.domain(each.key)]
    gone = [each for each in old.competencies if not after.competency(each.key)]
    return [*found, *(Change("competency", "removed", each.key, each.name) for each in gone)]


def with_retired(before: Content | None, after: Content) -> Content:
    """Return the new content with everything that it lacks kept as retired: nothing that was earned loses its name."""
    if before is None:
        return after
    kept = after
    for domain in before.domains:
        gone = tuple(replace(each, retired=True) for each in domain.competencies if not after.competency(each.key))
        if not gone:
            continue
        if kept.domain(domain.key):
            domains = (
                replace(each, competencies=(*each.competencies, *gone)) if each.key == domain.key else each
                for each in kept.domains
            )
            kept = replace(kept, domains=tuple(domains))
        else:
            kept = replace(kept, domains=(*kept.domains, replace(domain, competencies=gone)))
    return kept


def _details(old: Content, new: Content) -> Change:
    fields = tuple(name for name in ("label", "title", "rule") if getattr(old, name) != getattr(new, name))
    return Change("details", "changed" if fields else "same", name=new.title, fields=fields)


def _scale(old: Content, new: Content) -> Change:
    known = {step.level: step for step in old.scale}
    fields = tuple(f"level {step.level}" for step in new.scale if known.get(step.level) != step)
    fields += tuple(f"level {level}" for level in known if level not in new.levels)
    return Change("scale", "changed" if fields else "same", fields=fields)


def _domain(old: Content, new: Content, domain: DomainText) -> Change:
    former = old.domain(domain.key)
    if former is None:
        return Change("domain", "added", domain.key, domain.name)
    fields = tuple(name for name in ("name", "purpose") if getattr(former, name) != getattr(domain, name))
    if not fields and _place_of(old.domains, new.domains, domain.key):
        return Change("domain", "moved", domain.key, domain.name)
    return Change("domain", "changed" if fields else "same", domain.key, domain.name, fields)


def _competency(old: Content, new: Content, domain: DomainText, now: CompetencyText) -> Change:
    former = old.competency(now.key)
    if former is None:
        return Change("competency", "added", now.key, now.name)
    fields = tuple(name for name in ("name", "definition") if getattr(former, name) != getattr(now, name))
    levels = sorted({*former.levels, *now.levels})
    fields += tuple(f"level {n}" for n in levels if former.levels.get(n) != now.levels.get(n))
    home = old.domain_of(now.key)
    if home is not None and home.key != domain.key:
        fields += ("domain",)
    if former.retired != now.retired:
        return Change("competency", "retired" if now.retired else "back", now.key, now.name, fields)
    if not fields and home is not None and _place_of(home.competencies, domain.competencies, now.key):
        return Change("competency", "moved", now.key, now.name)
    return Change("competency", "changed" if fields else "same", now.key, now.name, fields)


def _place_of(
    before: tuple[DomainText | CompetencyText, ...], after: tuple[DomainText | CompetencyText, ...], key: str
) -> bool:
    """Whether a part stands elsewhere among those that both have."""
    common = {each.key for each in before} & {each.key for each in after}
    was, now = ([each.key for each in parts if each.key in common] for parts in (before, after))
    return was.index(key) != now.index(key)
