"""CM1: frameworks in and out as YAML, CSV and CASE 1.1, previewed before anything is kept."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from academy.base.db import db
from academy.base.errors import Invalid
from academy.base.i18n import in_language
from academy.base.text import LocalizedText, clean_block
from academy.competencies import services
from academy.competencies.frameworks import as_case, as_csv, as_yaml
from academy.competencies.frameworks.comparing import all_parts
from academy.competencies.frameworks.content import CompetencyText, Content, DomainText, Step
from academy.competencies.frameworks.reading import ProfileText, Reading, Unreadable, sound
from academy.competencies.models import Framework, FrameworkDraft, FrameworkImport, RoleProfile, RoleProfileDraft
from academy.competencies.queries import versions
from academy.competencies.refusals import DraftOpen, KeyTaken
from academy.devdata.reading import CONTENT, read_competencies
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import competencies as make
from tests.factories.accounts import both

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "case"
SHIPPED = CONTENT / "competencies.yaml"
BY = {"actor_id": None, "at": NOW}


@cache
def shipped() -> Reading:
    return sound(as_yaml.read(SHIPPED.read_bytes()))


def conforms(value, schema, root, way="") -> list[str]:
    """Return where a value breaks the part of JSON Schema that the samples use."""
    if "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}
    wrong = []
    if (kind := schema.get("type")) and not isinstance(value, kinds[kind]):
        return [f"{way}: is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{way}: {value!r} is not allowed")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        wrong.append(f"{way}: {value!r} does not fit {schema['pattern']}")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        wrong += [f"{way}.{name}: is missing" for name in schema.get("required", ()) if name not in value]
        if schema.get("additionalProperties") is False:
            wrong += [f"{way}.{name}: is unknown" for name in value if name not in known]
        for name, inner in known.items():
            if name in value:
                wrong += conforms(value[name], inner, root, f"{way}.{name}")
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        for number, item in enumerate(value):
            wrong += conforms(item, schema["items"], root, f"{way}[{number}]")
    return wrong


def test_our_yaml_is_the_shipped_format_both_ways(tmp_path):
    """CM1: what we write, the reader of the shipped content reads alike, role profiles too."""
    reading = shipped()
    assert (len(reading.content.domains), reading.content.holding, len(reading.profiles)) == (7, 30, 6)
    file = tmp_path / "competencies.yaml"
    file.write_bytes(as_yaml.write(reading.content, reading.profiles))
    again, first = read_competencies(file), read_competencies(SHIPPED)
    assert (again.domains, again.scale, again.roles, again.version) == (first.domains, first.scale, first.roles, "1.0")
    assert as_yaml.read(file.read_bytes()) == reading


def test_the_table_keeps_everything():
    reading = shipped()
    written = as_csv.write(reading.content, reading.profiles)
    assert written.startswith(b"\xef\xbb\xbf")
    assert as_csv.read(written, "framework.csv") == reading


@pytest.mark.parametrize("language", ["ar", "en"])
def test_case_keeps_the_whole_framework_and_fits_the_schemas(language):
    """CM1: the package fits the schemas of OpenSALT (names) and OpenCASE (CASE 1.1 parts), and comes back whole."""
    content = shipped().content
    written = as_case.write("cx", content, language=language, at=NOW)
    package = json.loads(written)
    schema = json.loads((SAMPLES / "case-v1p0-cfpackage-schema.json").read_text())
    assert conforms(package, schema, schema) == []
    newer = json.loads((SAMPLES / "case-v1p1-cfpackage.json").read_text())
    renamed = json.loads(written.decode().replace('"identifier":', '"sourcedId":'))
    for name, rows in (("CFDocument", [package["CFDocument"]]), ("CFItem", package["CFItems"]), ("CFAssociation", package["CFAssociations"])):  # fmt: skip
        for row, other in zip(
            rows, [renamed["CFDocument"]] if name == "CFDocument" else renamed[f"{name}s"], strict=True
        ):
            assert conforms({**other, **row}, newer["definitions"][name], newer) == []
    assert as_case.read(written, ()).content == content
    assert as_case.write("cx", content, language=language, at=NOW) == written, "identifiers stay the same"


def test_case_of_others_becomes_a_draft_to_be_finished():
    """CM1: plain CASE has one language and may have no levels: names are taken, the rest is said."""
    content = shipped().content
    package = json.loads(as_case.write("cx", content, language="en", at=NOW))
    del package["CFDocument"]["extensions"]
    package["CFItems"][0]["notes"] = "x"
    read = as_case.read(json.dumps(package).encode(), content.scale)
    assert [each.key for each in read.content.competencies] == [each.key for each in content.competencies]
    first = read.content.competency("D1.1")
    assert (first.name, first.levels[1].ar) == (LocalizedText(en="Customer research"), "")
    assert read.notes == ("notes",)
    for name in ("CFItems", "CFAssociations"):
        package[name] = [{**row, "identifier": row["identifier"]} for row in package[name]]
    package["CFAssociations"].append({**package["CFAssociations"][0], "associationType": "exactMatchOf"})
    assert "association exactMatchOf" in as_case.read(json.dumps(package).encode(), content.scale).notes


def _english(refusal: Unreadable) -> str:
    with in_language("en"):
        return refusal.for_reader()


BOMB = b"a: &a [x,x]\nb: &b [*a,*a]\n"
GOOD = as_yaml.write(Content("1", both("ع", "T"), LocalizedText(), (), ()), ())


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.yaml", BOMB, "Aliases"),
        ("a.yaml", b"[" * 5000, "nested"),
        ("a.yaml", b"format: x\nformat: y", "stands twice"),
        ("a.yaml", b"format: other", "cx-competencies/1"),
        ("a.yaml", b"!!python/object/apply:os.system ['true']", "names with values"),
        ("a.yaml", b"a: b: c", "not YAML"),
        ("a.yaml", "إطار".encode("cp1256"), "UTF-8"),
        ("a.yaml", b"x" * 1_000_001, "one megabyte"),
        ("a.yaml", b"", "empty"),
        ("a.yaml", GOOD, "no domain"),
        ("a.json", b"[" * 100_000, "nested"),
        ("a.json", b"{}", "is missing"),
        ("a.json", b'{"CFDocument": {}, "CFDocument": {}}', "twice"),
        ("a.json", b'{"CFDocument": {"title": "x"}, "CFItems": [{"identifier": "no"}]}', "UUID"),
        ("a.json", b"nonsense", "not JSON"),
        ("a.csv", b"a,b\n1,2", "column kind"),
        ("a.csv", b"kind,kind,code,domain,name_ar,name_en,text_ar,text_en\nx,,,,,,,", "twice"),
        ("a.csv", b"kind,code,domain,name_ar,name_en,text_ar,text_en\nking,,,,,,", "Line 2"),
        ("a.csv", b"kind,code,domain,name_ar,name_en,text_ar,text_en\ncompetency,X1,D9,,a,,b", "no such domain"),
        ("a.csv", b"\xff\xfe\xfa\x00\x81", "letters"),
        ("a.docx", b"PK\x03\x04", "Choose a YAML"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_with_a_reason(app, name, data, said):
    """CM1: bombs, towers, wrong letters, doubles: each is refused at the field, and nothing is kept."""
    with pytest.raises(Unreadable) as refused:
        services.read_framework(data, name, framework=None, key="new", prefix="", owner_id=1, at=NOW)
    assert refused.value.field == "file" and said in _english(refused.value)
    assert db.session.scalar(select(func.count()).select_from(FrameworkImport)) == 0


def test_a_table_in_old_arabic_windows_is_read_and_said():
    data = "kind,code,domain,name_ar,name_en,text_ar,text_en\nframework,1,,إطار الكفايات,,قاعدة الإثبات,\ndomain,X1,,مجال القياس,,غاية المجال,\n"
    read = as_csv.read(data.encode("cp1256"), "a.csv")
    assert read.content.title.ar == "إطار الكفايات" and read.notes == ("cp1256",)


def code(number: int) -> str:
    return f"X{number}"


@given(
    st.permutations([1, 2, 3, 4]),
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20),
        min_size=4,
        max_size=4,
    ),
)
def test_whatever_is_written_is_read_alike(order, words):
    """CM1: a property of all three formats."""
    steps = tuple(Step(n, both(f"م{n}", f"L{n}"), both("معنى", "Meaning")) for n in (1, 2))
    texts = [LocalizedText.of({"ar": f"ن {word} ن", "en": f"n {word} n"}) for word in words]
    inside = tuple(CompetencyText(f"X.{n}", texts[n - 1], texts[0], {1: texts[1], 2: texts[2]}) for n in order)
    content = Content("2.0", texts[3], texts[2], steps, (DomainText("X", texts[0], texts[1], inside),))

    if any(clean_block(half) != half for text in texts for half in (text.ar, text.en)):
        return
    profiles = (ProfileText("role-1", texts[1], {"X.1": 2, "X.3": 1}),)
    assert as_yaml.read(as_yaml.write(content, profiles)) == Reading(content, profiles)
    assert as_csv.read(as_csv.write(content, profiles), "x.csv") == Reading(content, profiles)
    assert as_case.read(as_case.write("x", content, language="ar", at=NOW), ()).content == content


# --- Taking over --------------------------------------------------------------------------------------------------


def read(data, name="f.yaml", framework=None, key="", prefix="", owner=None):
    owner = owner or people.administrator()
    return services.read_framework(data, name, framework=framework, key=key, prefix=prefix, owner_id=owner.id, at=NOW)


def exported(framework, kind="yaml"):
    desk = versions.framework_desk(framework.key)
    return services.written(framework, desk.published, kind, language="ar")


@pytest.mark.parametrize(("kind", "name"), [("yaml", "f.yaml"), ("csv", "f.csv"), ("case", "f.json")])
def test_the_round_trip_changes_nothing(app, kind, name):
    """CM1: out and in again: every part is unchanged."""
    framework = make.framework()
    kept = read(exported(framework, kind), name, framework)
    assert {each.fate for each in all_parts(*services.previewed(kept, framework))} == {"same"}


def test_nothing_is_written_before_the_file_is_taken_over(app):
    """CM1: the preview tells taken, changed and lost per competency; taking over makes a draft, publishing is apart."""
    framework = make.framework()
    data = exported(framework).replace(b"Competency 1-1", b"Renamed").replace(b"- id: D2.2", b"- id: D2.9")
    kept = read(data, framework=framework)
    assert db.session.get(FrameworkDraft, framework.id) is None
    fates = {
        each.key: each.fate for each in all_parts(*services.previewed(kept, framework)) if each.sort == "competency"
    }
    assert fates == {"D1.1": "changed", "D1.2": "same", "D2.1": "same", "D2.9": "taken", "D2.2": "lost"}
    services.take_over(kept, actor_id=kept.owner_id, at=NOW)
    draft = versions.framework_desk("test").content
    assert draft.competency("D2.2").retired and draft.label == "2"
    assert db.session.scalar(select(func.count()).select_from(FrameworkImport)) == 0
    version = services.publish_draft(framework, note="", revision=None, **BY)
    assert version.number == 2


def test_a_file_takes_no_draft_away(app):
    framework = make.framework()
    kept = read(exported(framework).replace(b"Competency 1-1", b"Renamed"), framework=framework)
    services.open_draft(framework, **BY)
    with pytest.raises(DraftOpen):
        services.take_over(kept, actor_id=kept.owner_id, at=NOW)


def test_a_file_becomes_a_framework_beside_the_first_with_its_profiles_as_drafts(app):
    """CM1, CM3: codes that are taken are refused unless something is put before them."""
    first = make.framework()
    data = exported(first).replace(b"id: frontline", b"id: hr-officer")
    with pytest.raises(KeyTaken):
        read(data, key="test")

    with pytest.raises(Invalid) as refused:
        read(data, key="hr")
    assert refused.value.field == "prefix"
    kept = read(data, key="hr", prefix="HR-")
    services.take_over(kept, actor_id=kept.owner_id, at=NOW)
    second = db.session.scalar(select(Framework).where(Framework.key == "hr"))
    assert second.number == 0
    services.publish_draft(second, note="", revision=None, **BY)
    profile = db.session.scalar(select(RoleProfile).where(RoleProfile.key == "hr-officer"))
    assert profile.number == 0 and db.session.get(RoleProfileDraft, profile.id).targets == {"HR-D1.1": 2, "HR-D1.2": 1, "HR-D2.1": 2}  # fmt: skip
