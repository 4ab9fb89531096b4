"""MT3: what is taken from an agreement leaves the store too, once nothing refers to it, whatever stops on the way."""

import pytest
from sqlalchemy import select

from academy.base import jobs, storage
from academy.base.db import db
from academy.partners import services
from academy.partners.models import AgreementDocument
from tests.conftest import NOW
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
