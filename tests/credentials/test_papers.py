"""Papers are drawn once, kept sealed, and given out only as they were drawn: whatever happens to the store."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import obstore
import pytest
import time_machine
from obstore.exceptions import GenericError
from sqlalchemy import select

from academy.base import jobs, storage
from academy.base.db import db
from academy.credentials import drawing, papers
from academy.credentials.rules import CertificateFacts
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import credentials
from tests.factories.accounts import both

FACTS = CertificateFacts(
    number="ABCDE-12345", academy_ar="أكاديمية", academy_en="Academy", holder_name_ar="نورة", holder_name_en="Noura",
    title_ar="قياس التجربة", title_en="Measuring", issued_on=date(2026, 11, 2), expires_on=date(2028, 11, 2),
    verify_url="http://localhost/verify/ABCDE12345", hours=Decimal(3), issuer_ar="جهة", issuer_en="Agency",
    signer_name_ar="سارة", signer_name_en="Sara", signer_role_ar="المديرة", signer_role_en="Director",
)  # fmt: skip


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def empty_store(the_app, tmp_path):
    """A store of this test's own."""
    before = storage._store, storage._sealed_with
    storage.open_store(None, str(tmp_path), "a secret")
    with the_app.app_context():
        yield
    storage._store, storage._sealed_with = before


@pytest.fixture
def drawn(monkeypatch) -> list[str]:
    """The numbers of certificates that were drawn, in order."""
    seen, draw = [], drawing.draw

    def noting(facts):
        seen.append(facts.number)
        return draw(facts)

    monkeypatch.setattr(drawing, "draw", noting)
    return seen


def stated(row) -> CertificateFacts:
    return CertificateFacts.from_json(row.facts)


def draw_job(row) -> jobs.Job:
    return db.session.scalars(select(jobs.Job).where(jobs.Job.unique_key == f"credentials.draw:{row.id}")).one()


def run(job: jobs.Job) -> None:
    jobs.KINDS[job.name].run(**job.arguments)


def kept_at(facts: CertificateFacts, form: papers.Form = "pdf") -> str:
    return f"made/{papers.name_of(facts, form)}"


def fails(*_args):
    raise GenericError("the store is down")


# --- Drawn once ----------------------------------------------------------------------------------------


def test_issuing_queues_one_drawing_and_downloads_draw_nothing_more(app, visit, drawn):
    holder = people.person()
    row = credentials.certificate(holder)
    run(draw_job(row))
    run(draw_job(row))
    visitor = visit(holder)
    for _ in range(2):
        visitor.get(f"/certificates/{row.number}.pdf")
        assert visitor.response.get_data().startswith(b"%PDF-")
    visitor.get(f"/certificates/{row.number}.png")
    assert visitor.response.get_data().startswith(b"\x89PNG")
    assert drawn == [row.number]


@pytest.mark.parametrize("form", papers.FORMS)
def test_what_is_kept_is_what_would_be_drawn(form):
    papers.prepare(FACTS)
    kept = papers.paper(FACTS, form)
    assert (
        kept
        == storage.made(papers.name_of(FACTS, form))
        == (drawing.draw if form == "pdf" else drawing.draw_png)(FACTS)
    )


def test_a_certificate_issued_before_papers_were_kept_is_drawn_at_its_first_download(app, visit, drawn):
    holder = people.person()
    row = credentials.certificate(holder)
    visitor = visit(holder)
    for _ in range(2):
        visitor.get(f"/certificates/{row.number}.pdf")
    assert drawn == [row.number]


def test_a_job_for_a_certificate_that_is_gone_does_nothing(app, drawn):
    jobs.KINDS["credentials.draw"].run(certificate_id=99_999)
    assert drawn == []


def test_a_download_takes_three_statements(app, visit, statements):
    holder = people.person()
    address = f"/certificates/{credentials.certificate(holder).number}.pdf"
    visitor = visit(holder)
    visitor.get(address)
    with statements() as seen:
        visitor.client.get(address)
    assert len(seen) <= 3, "\n".join(seen)


# --- Never stale, never somebody else's -------------------------------------------------------------------


@pytest.mark.parametrize("changed", [field.name for field in fields(CertificateFacts)])
def test_any_other_fact_is_another_paper(changed):
    """A paper kept for a wrong name is never given out for the corrected one."""
    old = getattr(FACTS, changed)
    new = {date: lambda: old.replace(year=2029), Decimal: lambda: old + 1}.get(type(old), lambda: f"{old}.")()
    other = replace(FACTS, **{changed: new})
    assert papers.name_of(other, "pdf") != papers.name_of(FACTS, "pdf")


def test_the_form_in_which_facts_were_stored_does_not_matter():
    shuffled = CertificateFacts.from_json(dict(reversed(FACTS.as_json().items())) | {"unknown": "x"})
    assert papers.name_of(shuffled, "pdf") == papers.name_of(FACTS, "pdf")


def test_another_template_is_another_press(tmp_path, monkeypatch):
    before = papers.name_of(FACTS, "pdf")
    template = tmp_path / "certificate.typ"
    template.write_bytes(drawing.TEMPLATE.read_bytes() + b"\n// a change")
    monkeypatch.setattr(drawing, "TEMPLATE", template)
    papers.press.cache_clear()
    try:
        assert papers.name_of(FACTS, "pdf") != before
    finally:
        papers.press.cache_clear()


def damaged(raw: bytes) -> dict[str, bytes]:
    """Ways in which kept bytes come back wrong."""
    return {
        "changed": raw[:2000] + bytes([raw[2000] ^ 1]) + raw[2001:],
        "cut short": raw[:-1],
        "nothing": b"",
        "half a seal": raw[:16],
        "another file": storage.SEAL_BYTES * b"\0" + b"%PDF-1.7 forged",
        "no seal": raw[storage.SEAL_BYTES :],
    }


@pytest.mark.parametrize("how", ["changed", "cut short", "nothing", "half a seal", "another file", "no seal"])
def test_damaged_bytes_are_never_given_out_but_drawn_anew(drawn, how):
    papers.prepare(FACTS)
    raw = bytes(obstore.get(storage._store, kept_at(FACTS)).bytes())
    obstore.put(storage._store, kept_at(FACTS), damaged(raw)[how])
    assert papers.paper(FACTS, "pdf") == raw[storage.SEAL_BYTES :]
    assert len(drawn) == 2
    assert bytes(obstore.get(storage._store, kept_at(FACTS)).bytes()) == raw


def test_a_sealed_paper_under_somebody_elses_name_is_not_given_out(drawn):
    """R18: exchanging two whole files in the store does not hand out another person's certificate."""
    other = replace(FACTS, holder_name_ar="هند CANARY", number="OTHER-12345")
    papers.prepare(FACTS)
    papers.prepare(other)
    obstore.put(storage._store, kept_at(FACTS), bytes(obstore.get(storage._store, kept_at(other)).bytes()))
    assert papers.paper(FACTS, "pdf") == drawing.draw(FACTS) != papers.paper(other, "pdf")


def test_a_new_secret_makes_kept_papers_be_drawn_anew(tmp_path, drawn):
    papers.prepare(FACTS)
    storage.open_store(None, str(tmp_path), "another secret")
    papers.paper(FACTS, "pdf")
    papers.paper(FACTS, "pdf")
    assert len(drawn) == 2


# --- A store that fails ------------------------------------------------------------------------------------


def test_a_store_that_is_down_stops_neither_issue_nor_download(app, visit, monkeypatch):
    monkeypatch.setattr(obstore, "get", fails)
    monkeypatch.setattr(obstore, "put", fails)
    holder = people.person()
    row = credentials.certificate(holder)
    visitor = visit(holder)
    visitor.get(f"/certificates/{row.number}.pdf")
    assert visitor.response.get_data() == drawing.draw(stated(row))


def test_a_store_that_takes_nothing_does_not_stop_a_download(app, visit, monkeypatch):
    monkeypatch.setattr(obstore, "put", fails)
    holder = people.person()
    row = credentials.certificate(holder)
    visit(holder).get(f"/certificates/{row.number}.pdf")


def test_the_drawing_is_tried_again_and_its_trouble_is_seen(app, monkeypatch, drawn):
    row = credentials.certificate()
    monkeypatch.setattr(obstore, "put", fails)
    with pytest.raises(GenericError):
        run(draw_job(row))
    monkeypatch.undo()
    run(draw_job(row))
    assert papers.paper(stated(row), "pdf") == storage.made(papers.name_of(stated(row), "pdf"))


# --- Who may read a kept paper -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", papers.FORMS)
def test_a_kept_paper_opens_to_those_only_to_whom_the_certificate_opens(app, browser, visit, form):
    home = people.organisation()
    holder = people.person(of=home, name=both("نورة CANARY", "Noura CANARY"))
    row = credentials.certificate(holder)
    run(draw_job(row))
    elsewhere = people.administrator(people.organisation(), everywhere=False)
    for who in (people.person(of=home), people.manager(), people.trainer(), elsewhere):
        visit(who).get(f"/certificates/{row.number}.{form}", 404)
    browser.get(f"/certificates/{row.number}.{form}", 302)
    visit(holder).get(f"/certificates/{row.number}.{form}")


def test_kept_papers_have_no_address_of_their_own(app, visit):
    holder = people.person()
    row = credentials.certificate(holder)
    run(draw_job(row))
    visitor = visit(people.administrator())
    name = papers.name_of(stated(row), "pdf")
    for address in (
        f"/files/{name}",
        f"/files/made/{name}",
        f"/files/{name.rsplit('/', 1)[1]}",
        f"/files/..%2fmade%2f{name}",
    ):
        assert visitor.client.get(address).status_code == 404, address
