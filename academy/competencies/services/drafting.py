"""Writing the next version of a framework: opening a draft, changing its parts, discarding and publishing it."""

import re
from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import select, union_all

from academy.base import audit
from academy.base.db import db, insert_once, lock
from academy.base.errors import NotFound, Stale
from academy.base.text import LocalizedText
from academy.competencies.frameworks import editing
from academy.competencies.frameworks.checking import checklist
from academy.competencies.frameworks.comparing import changes
from academy.competencies.frameworks.content import CODE, CompetencyText, Content, DomainText, Step, content_of
from academy.competencies.frameworks.editing import Direction
from academy.competencies.models import Competency, CompetencyDomain, Framework, FrameworkDraft, FrameworkVersion
from academy.competencies.refusals import (
    CodeTaken,
    CodeUnfit,
    Earned,
    KeyTaken,
    KeyUnfit,
    NoDraft,
    NotEmpty,
    NothingNew,
    NotReady,
    PreviewStale,
)
from academy.competencies.services.framework import set_down

_KEY = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")
DEFAULT_SCALE = (
    Step(1, LocalizedText("مُدرِك", "Aware"), LocalizedText("يعرف المفهوم ويشرحه.", "Knows the idea and can explain it.")),
    Step(2, LocalizedText("مُطبِّق", "Applying"), LocalizedText("ينفّذ المهام المعتادة باستقلال.", "Does routine tasks independently.")),
    Step(3, LocalizedText("مُتمكِّن", "Proficient"), LocalizedText("يعالج الحالات المركّبة ويوجّه زملاءه.", "Handles complex cases and coaches colleagues.")),
    Step(4, LocalizedText("قائد", "Leading"), LocalizedText("يضع المعايير ويطوّر الممارسة.", "Sets standards and advances the practice.")),
)  # fmt: skip


def fit_key(key: str) -> str:
    """Return the key of a framework or a profile; KeyUnfit when it cannot be part of an address."""
    if not _KEY.fullmatch(key):
        raise KeyUnfit(field="key")
    return key


def create_framework(key: str, title: LocalizedText, *, actor_id: int | None, at: datetime) -> Framework:
    """Make a framework with an empty draft of its first version. Readers see it once that is published."""
    scale = db.session.scalar(select(Framework.scale).where(Framework.number > 0).order_by(Framework.id).limit(1))
    steps = content_of({**_NOTHING, "scale": scale}).scale if scale else DEFAULT_SCALE
    return begin(key, Content("1.0", title, LocalizedText(), steps), actor_id=actor_id, at=at)


_NOTHING = {"label": "", "title": {}, "rule": {}, "scale": [], "domains": []}


def begin(key: str, content: Content, *, actor_id: int | None, at: datetime) -> Framework:
    """Make a framework whose draft has the content."""
    key = fit_key(key)

    def make() -> Framework:
        return Framework(
            key=key, version="", number=0, title=content.title, evidence_rule=content.rule, scale=[], loaded_at=at
        )

    row, new = insert_once(make, lambda: db.session.scalar(select(Framework).where(Framework.key == key)))
    if not new:
        raise KeyTaken(field="key")
    db.session.add(
        FrameworkDraft(framework_id=row.id, content=content.as_json(), changed_at=at, changed_by_id=actor_id)
    )
    _record("competencies:framework:create", row, actor_id, at, after={"title": content.title.as_dict()})
    return row


def open_draft(framework: Framework, *, actor_id: int | None, at: datetime) -> FrameworkDraft:
    """Return the draft; when there is none, a new one copied from the published version. Asking twice is harmless."""
    lock(Framework, framework.id)
    found = db.session.get(FrameworkDraft, framework.id, populate_existing=True)
    if found is not None:
        return found
    content = published_content(framework)
    if content is None:
        raise NotFound
    begun = {**content.as_json(), "label": next_label(content.label)}
    row = FrameworkDraft(framework_id=framework.id, content=begun, changed_at=at, changed_by_id=actor_id)
    db.session.add(row)
    db.session.flush()
    return row


def next_label(label: str) -> str:
    """Return what the version after this one may be called: 1.1 after 1.0."""
    head, last = re.fullmatch(r"(.*?)(\d{1,6})?", label, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{head}{int(last) + 1}"[:20] if last else f"{label[:16]} 2".strip()


def published_content(framework: Framework) -> Content | None:
    """Return what the published version says."""
    mine = FrameworkVersion.framework_id == framework.id, FrameworkVersion.number == framework.number
    stored = db.session.scalar(select(FrameworkVersion.content).where(*mine))
    return content_of(stored) if stored else None


def discard_draft(framework: Framework, *, actor_id: int | None, at: datetime) -> bool:
    """Throw the draft of a published framework away. Returns whether there was one; the only draft of a framework stays."""
    lock(Framework, framework.id)
    draft = db.session.get(FrameworkDraft, framework.id)
    if draft is None or framework.number == 0:
        return False
    db.session.delete(draft)
    _record("competencies:framework:discard", framework, actor_id, at, before={"revision": draft.revision})
    return True


def change_draft(
    framework: Framework, change: Callable[[Content], Content], *, actor_id: int | None, at: datetime
) -> Content:
    """Change the draft as it is now, while nobody else can."""
    lock(Framework, framework.id)
    draft: FrameworkDraft | None = lock(FrameworkDraft, framework.id)
    if draft is None:
        raise NoDraft
    try:
        content = change(content_of(draft.content))
    except KeyError:
        raise NotFound from None
    draft.content, draft.revision = content.as_json(), draft.revision + 1
    draft.changed_at, draft.changed_by_id = at, actor_id
    db.session.flush()
    return content


def _hold(mark: int | None, now: int) -> None:
    """Refuse when a part is no longer what its page showed (None: whatever is there)."""
    if mark is not None and mark != now:
        raise Stale


def change_details(
    content: Content, label: str, title: LocalizedText, rule: LocalizedText, *, mark: int | None
) -> Content:
    """Return the content with other texts of its own."""
    _hold(mark, content.mark)
    return Content(label, title, rule, content.scale, content.domains)


def change_scale(content: Content, scale: tuple[Step, ...], *, mark: int | None) -> Content:
    """Return the content with another scale."""
    _hold(mark, content.scale_mark)
    return Content(content.label, content.title, content.rule, scale, content.domains)


def add_domain(framework: Framework, domain: DomainText, *, actor_id: int | None, at: datetime) -> None:
    """Add a domain to the draft."""
    _fit_code(domain.key, framework.id)

    def change(content: Content) -> Content:
        _new_code(content, domain.key)
        return editing.add_domain(content, domain)

    change_draft(framework, change, actor_id=actor_id, at=at)


def change_domain(
    framework: Framework, text: DomainText, *, mark: int | None, actor_id: int | None, at: datetime
) -> None:
    """Change the texts of a domain in the draft."""

    def change(content: Content) -> Content:
        found = content.domain(text.key)
        if found is None:
            raise KeyError(text.key)
        _hold(mark, found.mark)
        return editing.change_domain(content, text.key, name=text.name, purpose=text.purpose)

    change_draft(framework, change, actor_id=actor_id, at=at)


def add_competency(
    framework: Framework, domain_key: str, text: CompetencyText, *, actor_id: int | None, at: datetime
) -> None:
    """Add a competency to a domain of the draft."""
    _fit_code(text.key, framework.id)

    def change(content: Content) -> Content:
        _new_code(content, text.key)
        return editing.add_competency(content, domain_key, text)

    change_draft(framework, change, actor_id=actor_id, at=at)


def change_competency(
    framework: Framework, text: CompetencyText, domain_key: str, *, mark: int | None, actor_id: int | None, at: datetime
) -> None:
    """Change a competency of the draft; it may move to another domain. Whether it is retired stays as it is."""

    def change(content: Content) -> Content:
        found = content.competency(text.key)
        if found is None:
            raise KeyError(text.key)
        _hold(mark, found.mark)
        now = CompetencyText(text.key, text.name, text.definition, text.levels, found.retired)
        return editing.change_competency(content, text.key, now, domain_key)

    change_draft(framework, change, actor_id=actor_id, at=at)


def remove_part(framework: Framework, key: str, *, actor_id: int | None, at: datetime) -> None:
    """Take a competency that was never published, or an empty domain, out of the draft."""
    known = db.session.scalar(select(Competency.id).where(Competency.key == key)) is not None

    def change(content: Content) -> Content:
        domain = content.domain(key)
        if domain is None:
            if known:
                raise Earned
            return editing.remove_competency(content, key)
        if domain.competencies:
            raise NotEmpty
        return editing.remove_domain(content, key)

    change_draft(framework, change, actor_id=actor_id, at=at)


def retire_part(framework: Framework, key: str, retired: bool, *, actor_id: int | None, at: datetime) -> None:
    """Retire a competency in the draft, or bring it back."""
    change_draft(framework, lambda content: editing.retire(content, key, retired), actor_id=actor_id, at=at)


def move_part(framework: Framework, key: str, way: Direction, *, actor_id: int | None, at: datetime) -> None:
    """Move a domain, or a competency within its domain, one place up or down."""

    def change(content: Content) -> Content:
        move = editing.move_domain if content.domain(key) else editing.move_competency
        return move(content, key, way)

    change_draft(framework, change, actor_id=actor_id, at=at)


def _fit_code(key: str, framework_id: int) -> None:
    if not CODE.fullmatch(key):
        raise CodeUnfit(field="key")
    if taken_elsewhere([key], framework_id):
        raise CodeTaken(field="key")


def _new_code(content: Content, key: str) -> None:
    if content.domain(key) or content.competency(key):
        raise CodeTaken(field="key")


def taken_elsewhere(keys: Collection[str], framework_id: int | None) -> set[str]:
    """Return which of the codes belong to published parts of other frameworks."""
    both = union_all(
        *(
            select(model.key).where(model.key.in_(list(keys)), model.framework_id != (framework_id or 0))
            for model in (Competency, CompetencyDomain)
        )
    )
    return set(db.session.scalars(both))


def published_labels(framework: Framework) -> set[str]:
    """Return what the versions of a framework are called."""
    mine = FrameworkVersion.framework_id == framework.id
    return set(db.session.scalars(select(FrameworkVersion.label).where(mine)))


def publish_draft(
    framework: Framework, *, note: str, revision: int | None, actor_id: int | None, at: datetime
) -> FrameworkVersion:
    """Publish the draft that was previewed as the next version."""
    lock(Framework, framework.id)
    draft: FrameworkDraft | None = lock(FrameworkDraft, framework.id)
    if draft is None:
        raise NoDraft
    if revision is not None and revision != draft.revision:
        raise PreviewStale
    content = content_of(draft.content)
    keys = [each.key for each in content.parts]
    if any(each.stops for each in checklist(content, published_labels(framework), taken_elsewhere(keys, framework.id))):
        raise NotReady
    before = published_content(framework)
    found = changes(before, content)
    if before is not None and not [each for each in found if each.fields != ("label",)]:
        raise NothingNew
    version = set_down(framework, content, note=note, actor_id=actor_id, at=at)
    db.session.delete(draft)
    told = {"version": content.label, "changes": [f"{each.how} {each.sort} {each.key}".strip() for each in found][:50]}
    before_told = {"version": before.label} if before else None
    _record("competencies:framework:publish", framework, actor_id, at, before=before_told, after=told)
    return version


def _record(
    act: str, framework: Framework, actor_id: int | None, at: datetime, before: object = None, after: object = None
) -> None:
    """Write an act about a framework into the trail."""
    audit.record(
        act, at=at, actor_id=actor_id, subject=("framework", framework.id, framework.key),
        before=before, after=after,  # type: ignore[arg-type]
    )  # fmt: skip
    db.session.flush()
