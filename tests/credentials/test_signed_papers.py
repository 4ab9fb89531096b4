"""P6, CE4: the PDF of a certificate carries a signature that any reader checks, and stays accessible and archivable."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from academy.base import place, storage
from academy.credentials import drawing, papers, sealing
from academy.devdata import authority
from tests.conftest import NOW
from tests.credentials.test_papers import FACTS


@pytest.fixture
def key(app, monkeypatch, tmp_path):
    """A test authority, set as the key of papers, and a store of this test's own."""
    path = tmp_path / "papers.p12"
    path.write_bytes(authority.made(NOW))
    here = place.lent.here
    monkeypatch.setattr(place.lent, "here", lambda: here()._replace(paper_key=path))
    before = storage._store, storage._sealed_with
    storage.open_store(None, str(tmp_path / "store"), "a secret")
    yield path
    storage._store, storage._sealed_with = before


def checked(data: bytes, key):
    """What a reader of PDF says of the one signature in a file."""
    trusted = sealing._signer(key, None).cert_registry
    roots = [each for each in trusted if "TEST AUTHORITY" in each.subject.human_friendly]
    (found,) = PdfFileReader(io.BytesIO(data), strict=False).embedded_signatures
    # In a thread of its own: the check runs a loop, and this process may hold a browser that already runs one.
    with ThreadPoolExecutor(1) as other:
        return other.submit(validate_pdf_signature, found, ValidationContext(trust_roots=roots, moment=NOW)).result()


def test_a_signed_paper_is_intact_and_one_other_byte_is_noticed(key):
    signed = papers.paper(FACTS, "pdf")
    verdict = checked(signed, key)
    assert verdict.intact and verdict.valid and verdict.trusted and verdict.bottom_line
    assert "test signature, proves nothing" in verdict.signing_cert.subject.human_friendly
    at = signed.index(b"/Lang(en)") + 7
    assert not checked(signed[:at] + b"x" + signed[at + 1 :], key).intact


def test_a_signed_paper_is_still_for_everybody_and_for_archives(key):
    drawn, signed = drawing.draw(FACTS), papers.paper(FACTS, "pdf")
    assert signed.startswith(drawn)
    reader = PdfReader(io.BytesIO(signed))
    told = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in told
    page = reader.pages[0]
    assert page["/Tabs"] == "/S" and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    (field,) = [note.get_object() for note in page["/Annots"] if note.get_object()["/Subtype"] == "/Widget"]
    assert field["/F"] & 4 and not field["/F"] & 2 and field["/TU"]
    assert max(float(side) for side in field["/Rect"]) <= 0


def test_signed_once_and_given_out_as_kept(key, monkeypatch):
    unsigned = papers.name_of(FACTS, "png")
    first = papers.paper(FACTS, "pdf")
    monkeypatch.setattr(sealing, "signed", lambda *_: pytest.fail("signed again"))
    assert papers.paper(FACTS, "pdf") == first and papers.name_of(FACTS, "png") == unsigned


def test_another_key_finds_no_paper_of_the_first(key, tmp_path, monkeypatch):
    first, here = papers.name_of(FACTS, "pdf"), place.lent.here
    other = tmp_path / "other.p12"
    other.write_bytes(authority.made(NOW))
    monkeypatch.setattr(place.lent, "here", lambda: here()._replace(paper_key=other))
    assert papers.name_of(FACTS, "pdf") != first


def test_a_key_that_cannot_be_used_draws_nothing_and_says_why(key):
    key.write_bytes(b"not a key")
    with pytest.raises(drawing.CannotDraw):
        papers.paper(FACTS, "pdf")
