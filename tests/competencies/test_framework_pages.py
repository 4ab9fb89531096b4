"""CM1 in the browser: a framework is written, previewed, published and exchanged; nobody else comes near."""

import io

import pytest

from academy.base.db import db
from academy.competencies import services
from academy.competencies.models import FrameworkDraft
from academy.competencies.queries import versions
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import competencies as make

BASE = "/manage/frameworks"
BY = {"actor_id": None, "at": NOW}
POSTS = ("draft", "draft/discard", "details", "levels", "domains", "domains/D1", "domains/D1/competencies", "parts", "publish", "import")  # fmt: skip
GETS = ("", "/details", "/levels", "/domains", "/domains/D1", "/competencies/D1.1", "/publish", "/versions", "/versions/1", "/import", "/export/yaml")  # fmt: skip


def fields(name: str, said: str) -> dict:
    return {f"{name}-ar": said, f"{name}-en": said}


def filled(page) -> dict:
    """What the form of a page would send."""
    form = page.select_one("main form.form")
    values = {e["name"]: e.get("value", "") for e in form.select("input[name]") if e["name"] != "csrf_token"}
    values |= {e["name"]: e.get_text().lstrip("\r\n") for e in form.select("textarea[name]")}
    chosen = {e["name"]: e.select_one("option[selected]") or e.option for e in form.select("select[name]")}
    return values | {name: option["value"] for name, option in chosen.items()}


@pytest.fixture
def desk(app, visit):
    return visit(people.administrator(language="en"))


def test_an_administrator_writes_a_framework_from_nothing_and_publishes_it(desk):
    """CM1: tree, levels, indicators in both languages, preview, version."""
    assert "No framework yet" in desk.get(BASE).words
    assert "Add its first domain" in desk.post(f"{BASE}/new", {**fields("title", "HR"), "key": "hr"}).words
    desk.post(f"{BASE}/hr/domains", {**fields("name", "People"), **fields("purpose", "Why"), "key": "H1"})
    form = {**fields("name", "Hiring"), **fields("definition", "To hire"), "key": "H1.1", "domain": "H1"}
    desk.post(f"{BASE}/hr/domains/H1/competencies", form)
    page = desk.get(f"{BASE}/hr/publish")
    assert "Every level needs an indicator" in page.words and not page.select("main form.form")
    page = desk.get(f"{BASE}/hr/competencies/H1.1")
    assert "1 · Aware" in page.words
    levels = {f"level{n}-{language}": f"Does {n}" for n in range(1, 5) for language in ("ar", "en")}
    desk.post(f"{BASE}/hr/competencies/H1.1", {**filled(page), **levels})
    scale = filled(desk.get(f"{BASE}/hr/levels")) | {"name1-en": "Beginner"}
    desk.post(f"{BASE}/hr/levels", scale)
    details = filled(desk.get(f"{BASE}/hr/details")) | fields("rule", "A test proves it")
    desk.post(f"{BASE}/hr/details", details)
    page = desk.get(f"{BASE}/hr/publish")
    assert "everything in it is new" in page.words
    page = desk.post(f"{BASE}/hr/publish", {**filled(page), "note": "The beginning"})
    assert "Version 1.0 has been published" in page.words and "The beginning" in page.words
    assert "Beginner" in desk.get("/framework/hr").words
    assert "Hiring" in desk.get(f"{BASE}/hr/versions/1").words


def test_a_new_version_may_have_a_new_title(desk):
    make.framework()
    desk.post(f"{BASE}/test/draft")
    details = filled(desk.get(f"{BASE}/test/details")) | {"label": "2.0 renamed", "title-en": "Renamed framework"}
    desk.post(f"{BASE}/test/details", details)
    page = desk.get(f"{BASE}/test/publish")
    assert "Renamed framework" in page.words
    desk.post(f"{BASE}/test/publish", {**filled(page), "note": "A better name"})
    assert "Renamed framework" in desk.get("/framework/test").words


def test_a_draft_is_moved_retired_and_thrown_away(desk):
    make.framework()
    desk.post(f"{BASE}/test/draft")
    desk.post(f"{BASE}/test/parts", {"down": "D1"})
    desk.post(f"{BASE}/test/parts", {"retire": "D1.1"})
    assert "Retire it instead" in desk.post(f"{BASE}/test/parts", {"remove": "D1.2"}).words
    page = desk.get(f"{BASE}/test/publish")
    assert "Competency retired: D1.1" in page.words and "Domain moved: D1" in page.words
    desk.post(f"{BASE}/test/parts", {"back": "D1.1"})
    desk.post(f"{BASE}/test/parts", {"up": "nothing"}, status=200)
    desk.post(f"{BASE}/test/draft/discard")
    assert versions.framework_desk("test").draft is None
    assert "There is no open draft" in desk.post(f"{BASE}/test/parts", {"up": "D2"}).words


def test_two_editors_are_told_and_lose_nothing(desk, visit):
    """CM1: the second one reads what happened, keeps what was typed, and may replace it knowingly."""
    services.open_draft(make.framework(), **BY)
    other = visit(people.administrator(language="en"))
    address = f"{BASE}/test/competencies/D1.1"
    mine, theirs = filled(desk.get(address)), filled(other.get(address))
    other.post(address, {**theirs, "name-en": "Theirs"})
    page = desk.post(address, {**mine, "name-en": "Mine"}, status=409)
    assert "changed in the meantime" in page.words and page.select_one("[name=name-en]")["value"] == "Mine"
    assert versions.framework_desk("test").content.competency("D1.1").name.en == "Theirs"
    desk.post(address, {**filled(page), "act": "overwrite"})
    assert versions.framework_desk("test").content.competency("D1.1").name.en == "Mine"


def test_a_preview_that_is_out_of_date_is_not_published(desk):
    framework = make.framework()
    services.open_draft(framework, **BY)
    services.retire_part(framework, "D1.2", True, **BY)
    seen = filled(desk.get(f"{BASE}/test/publish"))
    services.retire_part(framework, "D1.1", True, **BY)
    page = desk.post(f"{BASE}/test/publish", seen, status=409)
    assert "Look at it again" in page.words and "D1.1" in page.words


@pytest.mark.parametrize(
    ("address", "data", "said"),
    [
        ("domains", {**fields("name", "x"), "key": "D1"}, "already taken"),
        ("domains", {**fields("name", "x"), "key": "مجال"}, "20 Latin letters"),
        ("domains", {"key": "D9"}, "Enter a name"),
        ("domains/D1/competencies", {**fields("name", "x" * 256), "key": "D1.9", "domain": "D1"}, "at most 255"),
        ("domains/D1/competencies", {**fields("name", "x"), "key": "D1.9", "domain": "D7"}, "Not a valid choice"),
        ("details", {**fields("title", ""), "label": "2"}, "Enter a title"),
    ],
)
def test_mistakes_are_told_at_their_field(desk, address, data, said):
    services.open_draft(make.framework(), **BY)
    page = desk.post(f"{BASE}/test/{address}", data, status=422)
    assert said in page.words and page.select(".error-summary")


def test_a_file_is_previewed_and_becomes_the_draft(desk):
    """CM1: import in the browser, with what becomes of each competency before anything is written."""
    framework = make.framework()
    out = desk.client.get(f"{BASE}/test/export/yaml")
    assert out.headers["Content-Disposition"] == "attachment; filename=test-yaml.yaml"
    for kind in ("csv", "case"):
        assert desk.client.get(f"{BASE}/test/export/{kind}").status_code == 200
    desk.get(f"{BASE}/test/export/exe", status=404)
    changed = out.get_data().replace(b"Competency 1-1", b"Renamed").replace(b"- id: D2.2", b"- id: D2.9")
    page = desk.post(f"{BASE}/test/import", {"file": (io.BytesIO(changed), "f.yaml")})
    assert "D2.2" in page.words and "Lost (retired)" in page.words and "D2.9" in page.words
    assert db.session.get(FrameworkDraft, framework.id) is None
    here = desk.response.request.path
    assert "D1.1" not in desk.get(f"{here}?fate=lost").select_one("table").get_text()
    desk.post(here)
    assert versions.framework_desk("test").content.competency("D2.2").retired
    desk.get(here, status=404)


def test_a_file_of_another_administrator_is_not_ones_own(desk, visit):
    framework = make.framework()
    data = services.written(framework, versions.framework_desk("test").published, "yaml", language="en")
    owner = people.administrator()
    read = services.read_framework(data, "f.yaml", framework=framework, key="", prefix="", owner_id=owner.id, at=NOW)
    desk.get(f"{BASE}/imports/{read.id}", status=404)
    desk.post(f"{BASE}/imports/{read.id}", status=404)
    visit(owner).post(f"{BASE}/imports/{read.id}", {"act": "discard"})


def test_a_bad_file_is_refused_at_its_field(desk):
    make.framework()
    page = desk.post(f"{BASE}/test/import", {"file": (io.BytesIO(b"a: &a [1]\nb: *a"), "f.yaml")}, status=422)
    assert "Aliases" in page.select_one(".upload .error").get_text()
    page = desk.post(
        f"{BASE}/import", {"key": "hr", "file": (io.BytesIO("إطار".encode("cp1256")), "f.yaml")}, status=422
    )
    assert "UTF-8" in page.words and page.select_one("[name=key]")["value"] == "hr"


@pytest.mark.parametrize("who", ["administrator", "manager", "trainer", "person"])
def test_only_academy_administrators_keep_frameworks(app, visit, who):
    """CM1: an organisation's administrator reads the framework like everyone, and changes nothing."""
    services.open_draft(make.framework(), **BY)
    of = people.organisation()
    person = {
        "administrator": lambda: people.administrator(of, everywhere=False),
        "manager": lambda: people.manager(people.org_unit(of)),
        "trainer": lambda: people.trainer(of),
        "person": people.person,
    }[who]()
    visitor = visit(person)
    visitor.get("/framework")
    for address in (BASE, f"{BASE}/new", f"{BASE}/import"):
        visitor.get(address, status=403)
    for address in GETS:
        visitor.get(f"{BASE}/test{address}", status=404)
    for address in POSTS:
        visitor.post(f"{BASE}/test/{address}", {"retire": "D1.1"}, status=404)
    assert not versions.framework_desk("test").content.competency("D1.1").retired


def test_the_pages_ask_the_database_little_however_large_the_framework(desk, statements):
    services.open_draft(make.framework(), **BY)
    framework = versions.framework_desk("test").framework
    for n in range(3, 30):
        text = versions.framework_desk("test").content.competency("D1.1")
        services.add_competency(framework, "D1", type(text)(f"D1.{n}", text.name, text.definition, text.levels), **BY)
    db.session.commit()
    for address in (BASE, *(f"{BASE}/test{each}" for each in GETS)):
        with statements() as seen:
            desk.get(address) if "export" not in address else desk.client.get(address)
        assert len(seen) <= 8, (address, len(seen))
