"""CM1: frameworks side by side, with drafts, previews and versions; what people earned stays."""

import pytest
from sqlalchemy import select

from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Stale
from academy.base.i18n import in_language
from academy.base.text import LocalizedText
from academy.competencies import queries, services
from academy.competencies.frameworks.checking import checklist
from academy.competencies.frameworks.comparing import changes, with_retired
from academy.competencies.frameworks.content import CompetencyText, DomainText, content_of
from academy.competencies.models import Competency, CompetencyDomain, FrameworkDraft, FrameworkVersion, VersionIsFrozen
from academy.competencies.queries import versions
from academy.competencies.refusals import (
    CodeTaken,
    CodeUnfit,
    Earned,
    KeyTaken,
    NoDraft,
    NotEmpty,
    NothingNew,
    NotReady,
    PreviewStale,
)
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.accounts import both

BY = {"actor_id": None, "at": NOW}
LEVELS = {n: both(f"يفعل {n}", f"Does {n}") for n in range(1, 5)}


def text(key, ar="كفاية", en="Competency"):
    return CompetencyText(key, both(ar, en), both("تعريف", "Definition"), LEVELS)


def publish(framework, note=""):
    return services.publish_draft(framework, note=note, revision=None, **BY)


def begun():
    """A published framework with a draft."""
    framework = make.framework()
    services.open_draft(framework, **BY)
    return framework


def draft_of(framework):
    return versions.framework_desk(framework.key).content


def test_a_loaded_framework_is_its_first_version(app):
    """CM1: loading keeps the content whole, as version 1."""
    framework = make.framework()
    kept = versions.past_version("test", 1)
    assert framework.number == 1 and kept.line.label == "1"
    assert [each.key for each in kept.content.competencies] == ["D1.1", "D1.2", "D2.1", "D2.2"]
    assert kept.content.competency("D1.1").levels[2] == both("يفعل 2", "Does 2")
    assert services.load_framework(
        "test", version="9", title=both("", "x"), evidence_rule=both("", ""), scale=[], domains=[], profiles=[], at=NOW
    ) is framework  # fmt: skip


def test_a_draft_changes_nothing_until_it_is_published(app):
    """CM1: readers see the published version while the next one is written."""
    framework = begun()
    services.add_domain(framework, DomainText("D3", both("مجال", "Third"), both("غاية", "Purpose")), **BY)
    services.add_competency(framework, "D3", text("D3.1"), **BY)
    services.move_part(framework, "D3", "up", **BY)
    assert queries.competency_by_key("D3.1") is None
    version = publish(framework, "A third domain")
    assert (version.number, version.label) == (2, "2")
    assert queries.competency_by_key("D3.1").domain_id
    assert [domain.key for domain, _inside in queries.framework().domains] == ["D1", "D3", "D2"]
    assert db.session.get(FrameworkDraft, framework.id) is None
    assert [each.key for each in versions.past_version("test", 1).content.domains] == ["D1", "D2"]


def test_what_was_earned_stays_when_a_competency_is_renamed_moved_and_retired(app):
    """CM1: evidence, standing and its sum belong to the competency, whatever a version calls it."""
    framework = begun()
    who = people.person()
    services.set_profile(who.id, "frontline", at=NOW)
    make.evidence(who, "D1.1", items=10)
    number = db.session.scalar(select(Competency.id).where(Competency.key == "D1.1"))
    before = next(each for each in queries.standing_of(who.id).domains[0].competencies if each.key == "D1.1")
    services.change_competency(framework, text("D1.1", "اسم آخر", "Other name"), "D2", mark=None, **BY)
    services.retire_part(framework, "D1.2", True, **BY)
    publish(framework)
    moved = db.session.get_one(Competency, number)
    assert (moved.key, moved.name.en, moved.retired_at) == ("D1.1", "Other name", None)
    standing = queries.standing_of(who.id)
    after = next(each for each in standing.domains[-1].competencies if each.key == "D1.1")
    assert (after.score, after.level, after.pieces, after.target) == (before.score, before.level, before.pieces, 2)
    assert standing.asked == 2, "a retired competency is asked of nobody"
    services.open_draft(framework, **BY)
    services.retire_part(framework, "D1.1", True, **BY)
    publish(framework)
    kept = [
        each for domain in queries.standing_of(who.id).domains for each in domain.competencies if each.key == "D1.1"
    ]
    assert kept[0].score == before.score and kept[0].target == 0
    assert "D1.1" not in dict(queries.competency_choices()) and "D1.1" in dict(queries.competency_choices(["D1.1"]))
    services.open_draft(framework, **BY)
    services.retire_part(framework, "D1.1", False, **BY)
    publish(framework)
    assert queries.standing_of(who.id).asked == 2


def test_a_published_version_never_changes(app):
    make.framework()
    row = db.session.scalar(select(FrameworkVersion))
    row.note = "other"
    with pytest.raises(VersionIsFrozen):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(VersionIsFrozen):
        db.session.query(FrameworkVersion).delete()


def test_publishing_is_refused_until_everything_is_there(app):
    framework = services.create_framework("hr", both("إطار الموارد", "HR framework"), **BY)
    with pytest.raises(NotReady):
        publish(framework)
    services.add_domain(framework, DomainText("H1", both("مجال", "Domain"), both("غاية", "Purpose")), **BY)
    services.add_competency(framework, "H1", CompetencyText("H1.1", both("كفاية", ""), LocalizedText(), {}), **BY)
    with in_language("en"):
        sentences = [(each.key, str(each.sentence)) for each in checklist(draft_of(framework))]
    assert ("H1.1", "The name and the definition are needed in Arabic and in English.") in sentences
    assert ("H1.1", "Every level needs an indicator in Arabic and in English.") in sentences
    services.change_competency(framework, text("H1.1"), "H1", mark=None, **BY)
    assert publish(framework).number == 1
    services.open_draft(framework, **BY)
    with pytest.raises(NothingNew):
        publish(framework)


def test_frameworks_stand_side_by_side_and_a_code_names_one_thing(app):
    """CM1: a second framework has its own tree; its codes may not be those of the first."""
    make.framework()
    second = services.create_framework("hr", both("إطار آخر", "Second"), **BY)
    with pytest.raises(CodeTaken):
        services.add_domain(second, DomainText("D1", both("مجال", "Domain"), LocalizedText()), **BY)
    with pytest.raises(CodeUnfit):
        services.add_domain(second, DomainText("مجال", both("مجال", "Domain"), LocalizedText()), **BY)
    with pytest.raises(KeyTaken):
        services.create_framework("hr", both("ثالث", "Third"), **BY)
    assert queries.framework("hr") is None, "nobody reads what is not published"
    services.add_domain(second, DomainText("H1", both("مجال", "Domain"), LocalizedText()), **BY)
    services.add_competency(second, "H1", text("H1.1"), **BY)
    with pytest.raises(CodeTaken):
        services.add_competency(second, "H1", text("H1.1"), **BY)
    publish(second)
    assert [row.key for row in queries.framework("hr").published] == ["test", "hr"]
    assert [domain.key for domain, _inside in queries.framework("hr").domains] == ["H1"]
    assert [line.key for line in versions.frameworks_kept()] == ["test", "hr"]


def test_two_editors_lose_nothing(app):
    """CM1: a part changed meanwhile is refused by name; other parts are saved side by side."""
    framework = begun()
    mark = draft_of(framework).competency("D1.1").mark
    services.change_competency(framework, text("D1.1", en="First editor"), "D1", mark=mark, **BY)
    with pytest.raises(Stale):
        services.change_competency(framework, text("D1.1", en="Second editor"), "D1", mark=mark, **BY)
    other = draft_of(framework).competency("D1.2").mark
    services.change_competency(framework, text("D1.2", en="Second editor"), "D1", mark=other, **BY)
    now = draft_of(framework)
    assert (now.competency("D1.1").name.en, now.competency("D1.2").name.en) == ("First editor", "Second editor")


def test_what_is_published_is_what_was_previewed(app):
    framework = begun()
    seen = db.session.get(FrameworkDraft, framework.id).revision
    services.retire_part(framework, "D2.2", True, **BY)
    with pytest.raises(PreviewStale):
        services.publish_draft(framework, note="", revision=seen, **BY)
    services.discard_draft(framework, **BY)
    with pytest.raises(NoDraft):
        publish(framework)
    with pytest.raises(NoDraft):
        services.retire_part(framework, "D2.2", True, **BY)


def test_only_what_was_never_published_is_removed(app):
    framework = begun()
    with pytest.raises(Earned):
        services.remove_part(framework, "D1.1", **BY)
    with pytest.raises(NotEmpty):
        services.remove_part(framework, "D1", **BY)
    services.add_competency(framework, "D1", text("D1.3"), **BY)
    services.remove_part(framework, "D1.3", **BY)
    for key in ("D2.1", "D2.2"):
        services.change_competency(framework, text(key), "D1", mark=None, **BY)
    services.remove_part(framework, "D2", **BY)
    publish(framework)
    gone = db.session.scalar(select(CompetencyDomain).where(CompetencyDomain.key == "D2"))
    assert gone.retired_at and "D2" not in dict(queries.domain_choices())


def test_the_preview_says_what_becomes_of_each_part(app):
    """CM1: added, changed with its fields, moved, retired; and what hangs on it."""
    framework = begun()
    who = people.person()
    make.evidence(who, "D1.2")
    services.add_competency(framework, "D2", text("D2.3"), **BY)
    services.change_competency(framework, text("D1.1", "كفاية 1-1", "Renamed"), "D1", mark=None, **BY)
    services.retire_part(framework, "D1.2", True, **BY)
    services.move_part(framework, "D2.2", "up", **BY)
    desk = versions.framework_desk("test")
    found = {each.key: (each.how, each.fields) for each in changes(desk.published, desk.content) if each.key}
    assert found["D2.3"] == ("added", ()) and found["D1.1"] == ("changed", ("name",))
    assert found["D1.2"][0] == "retired" and found["D2.2"][0] == found["D2.1"][0] == "moved"
    weight = versions.weights(["D1.2"])["D1.2"]
    assert (weight.people, weight.profiles) == (1, 1)


def test_what_a_new_content_lacks_is_kept_as_retired(app):
    make.framework()
    content = versions.past_version("test", 1).content
    fewer = content_of({**content.as_json(), "domains": [content.as_json()["domains"][0]]})
    kept = with_retired(content, fewer)
    assert [each.key for each in kept.competencies if each.retired] == ["D2.1", "D2.2"]
    assert {each.fate for each in changes(content, kept)} == {"lost"}


def test_the_trail_tells_who_published_what(app):
    framework = begun()
    services.retire_part(framework, "D2.2", True, **BY)
    publish(framework)
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "competencies:framework:publish"))
    assert entry.before == {"version": "1"} and entry.after["changes"] == ["changed details", "retired competency D2.2"]
