"""MT3: what is taken from an agreement leaves the store too, once nothing refers to it, whatever stops on the way."""

import io

import pytest
from sqlalchemy import select

from academy.base import jobs, storage
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.partners import services
from academy.partners.models import Agreement, AgreementDocument
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import partners as make

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def document(app):
    return services.add_document(
        make.agreement(make.partner(), make.required_course()), PDF, "عقد.pdf", actor_id=None, at=NOW
    )


def stored(key: str) -> bool:
    try:
        storage.obstore.head(storage._store, key)
    except FileNotFoundError:
        return False
    return True


def key_of(document) -> str:
    return db.session.get_one(storage.StoredFile, document.file_id).key


def test_a_removed_document_leaves_row_and_bytes(document):
    key = key_of(document)
    services.remove_document(document, actor_id=None, at=NOW)
    assert stored(key) and storage.find(key), "the request itself deletes nothing that it could not undo"
    jobs.run_all_due()
    assert not stored(key) and storage.find(key) is None
    jobs.enqueue("partners.forget_bytes", key=key)
    jobs.run_all_due()
    assert not db.session.scalars(select(jobs.Job).where(jobs.Job.state == "failed")).all(), "asking twice is harmless"


def test_a_file_that_another_row_refers_to_stays(document):
    file_id, key = document.file_id, key_of(document)
    assert storage.is_referred_to(file_id)
    jobs.enqueue("partners.drop_file", file_id=file_id)
    jobs.run_all_due()
    assert stored(key) and db.session.get(AgreementDocument, document.id)


def test_a_worker_that_dies_in_between_leaves_work_that_is_taken_up(document, monkeypatch):
    """R12: the row is gone and the store does not answer: the bytes' own job is tried again."""
    key, down = key_of(document), [True]
    real = storage._delete

    def delete(path: str) -> None:
        if down:
            raise storage.BaseError("the store is away")
        real(path)

    monkeypatch.setattr(storage, "_delete", delete)
    services.remove_document(document, actor_id=None, at=NOW)
    jobs.run_all_due()
    assert storage.find(key) is None and stored(key)
    down.clear()
    waiting = db.session.scalars(select(jobs.Job).where(jobs.Job.name == "partners.forget_bytes")).one()
    assert waiting.state == "queued", "it is tried again later"
    waiting.run_after = NOW
    db.session.flush()
    jobs.run_all_due()
    assert not stored(key)


def test_a_document_is_replaced_in_one_act(document, visit):
    """MT3: the former one goes as removed ones do, and one entry of the trail names both; twice is refused beside the field."""
    key, agreement = key_of(document), db.session.get_one(Agreement, document.agreement_id)
    root, here = visit(people.administrator()), f"/admin/partners/agreements/{agreement.id}/documents"
    typed = {"instead_of": str(document.id)}

    def file(name):
        return {"file": (io.BytesIO(PDF + name.encode()), name)}

    page = root.post(here, {**typed, **file("أحدث.pdf")}, content_type="multipart/form-data")
    assert "أحدث.pdf" in page.words and "عقد.pdf" not in page.words
    jobs.run_all_due()
    assert not stored(key)
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.act == "partners:document:replace"))
    assert (entry.before["document"], entry.after["document"]) == ("عقد.pdf", "أحدث.pdf")
    for odd in (str(document.id), "999999", "x", "-1"):
        page = root.post(here, {"instead_of": odd, **file("ثالث.pdf")}, content_type="multipart/form-data", status=422)
        assert page.select_one("#instead_of-error"), odd
    assert len(db.session.scalars(select(AgreementDocument)).all()) == 1


def test_a_full_agreement_still_takes_a_replacement_and_never_anothers_document(document):
    """MT3, R12"""
    agreement = db.session.get_one(Agreement, document.agreement_id)
    for number in range(19):
        services.add_document(agreement, PDF + bytes([number]), f"{number}.pdf", actor_id=None, at=NOW)
    with pytest.raises(Conflict):
        services.add_document(agreement, PDF, "21.pdf", actor_id=None, at=NOW)
    other = make.agreement(make.partner(), make.required_course())
    foreign = services.add_document(other, PDF + b"other", "o.pdf", actor_id=None, at=NOW)
    with pytest.raises(Conflict):
        services.add_document(agreement, PDF, "21.pdf", instead_of=foreign.id, actor_id=None, at=NOW)
    services.add_document(agreement, PDF, "21.pdf", instead_of=document.id, actor_id=None, at=NOW)
    assert len(db.session.scalars(select(AgreementDocument)).all()) == 21
