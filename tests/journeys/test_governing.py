"""Who keeps certificates and who reads the record: an officer with a second person, an auditor, a stranger with a paper."""

import hashlib
import io
import json
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from sqlalchemy import select

from academy.base import trail
from academy.base.db import db
from academy.credentials.models import Certificate
from academy.devdata import accounts as demo
from tests.journeys.desk import Form
from tests.journeys.knowing import arabic
from tests.journeys.pages import Certificates, Register
from tests.journeys.visitor import NARROW, WIDE
from tests.turns import turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SPOKEN = [("ar", NARROW), ("en", WIDE)]
OTHER = {"ar": "en", "en": "ar"}


def said(sentence: str, language: str) -> str:
    """What the academy says in a language."""
    return arabic(sentence) if language == "ar" else sentence.split("%(")[0].strip()


@pytest.fixture
def at_work(person):
    """Sit somebody down who reads a language, at a screen of a size."""

    def sit_down(who, language, size=WIDE) -> Form:
        visitor = person().sign_in(who).speak(language)
        visitor.page.set_viewport_size(size)
        return Form(visitor)

    return sit_down


def standing(academy, skip: int) -> str:
    """A certificate that nobody has taken back."""
    with academy.inside():
        query = select(Certificate.number).where(Certificate.revoked_at.is_(None), Certificate.expires_on.is_not(None))
        return db.session.scalars(query.order_by(Certificate.id)).all()[skip]


@pytest.mark.parametrize(("language", "size"), turn(SPOKEN, 0, 2))
def test_an_officer_proposes_to_revoke_and_a_second_person_confirms(academy, at_work, person, language, size):
    """CE5, R17: neither the officer alone nor anybody before the second person takes a certificate back."""
    number = standing(academy, ["ar", "en"].index(language))
    officer, second = at_work(demo.OFFICER, language, size), at_work(demo.ADMINISTRATOR, OTHER[language])
    officer.visitor.open("/")
    officer.check().press_and_arrive("a[href='/admin/certificates']")
    officer.check().fill("q", number).press_and_arrive(".filter-bar button")
    officer.press_and_arrive(f"a[href='/admin/certificates/{number}']")
    proposal = "form[action$='/propose']"
    officer.check().find(f"{proposal} input[name=reason_class]").first.check()
    officer.fill("reason", "أُصدرت لغير صاحبها").press_and_arrive(f"{proposal} .btn-danger")
    officer.says(said("A revocation waits for a second person", language)).check()
    assert officer.find("#confirm-form").count() == 0
    register = Register.of(person())
    register.visitor.speak(language)
    register.ask(number).says(said("This certificate is valid", language))

    second.visitor.open("/admin/certificates/revocations")
    second.check().press_and_arrive(f"a[href='/admin/certificates/{number}']")
    second.says("أُصدرت لغير صاحبها", demo.OFFICER.name.show(OTHER[language])).check()
    second.find("#confirm-form input[name=meant]").check()
    second.press_and_arrive("#confirm-form .btn-danger")
    register.visitor.open(f"/verify/{number}")
    register.says(said("This certificate has been revoked", language)).check()


@pytest.mark.parametrize(("language", "size"), turn(SPOKEN, 1, 2))
def test_an_officer_and_a_second_person_replace_the_key_of_badges(at_work, person, language, size):
    """CE3: what the former key signed can still be checked by anybody: its public half stays published."""
    keys = "/admin/certificates/keys"
    officer, second = at_work(demo.OFFICER, language, size), at_work(demo.ADMINISTRATOR, OTHER[language])
    officer.visitor.open(keys)
    former = key_in_use(officer.check())
    officer.fill("reason", "مضت سنة").press_and_arrive("form:has([name=reason]) .btn-danger")
    officer.says(said("A replacement waits for a second person", language)).check()
    assert officer.find("#confirm-form").count() == 0 and key_in_use(officer) == former

    second.visitor.open(keys)
    second.says("مضت سنة").check().find("#confirm-form input[name=meant]").check()
    second.press_and_arrive("#confirm-form .btn-danger")
    assert key_in_use(second.check()) != former
    assert former in json.dumps(person().page.request.get(f"{officer.academy.url}/badges/keys/{former}").json())


def key_in_use(page: Form) -> str:
    """The public half of the key that signs, as the page of keys names it."""
    return re.search(r"z6Mk\w+", page.find("dl.summary").first.inner_text()).group()


@pytest.mark.parametrize(("language", "size"), turn(SPOKEN, 2, 2))
def test_an_auditor_sees_the_chain_whole_takes_its_proof_and_can_change_nothing(academy, at_work, language, size):
    """PR3, P12: the file proves itself by nothing but SHA-256."""
    academy.work()
    auditor = at_work(demo.AUDITOR, language, size)
    auditor.visitor.open("/")
    auditor.check().press_and_arrive("a[href='/admin/audit']")
    auditor.says(said("the chain is unbroken", "en") if language == "en" else "السلسلة متصلة").check()
    with auditor.page.expect_download() as download:
        auditor.press("a[href$='/audit.jsonl']")
    digest = trail.BEGINNING
    lines = [json.loads(line) for line in download.value.path().read_text("utf-8").splitlines()]
    for place, line in enumerate(lines, start=1):
        digest = hashlib.sha256(f"{digest}\n{line['entry']}".encode()).hexdigest()
        assert (line["number"], line["digest"]) == (place, digest)
    assert len(lines) > 100
    number = standing(academy, 3)
    for path in ("/admin/people", f"/admin/certificates/{number}", "/admin/certificates/keys", "/admin/partners"):
        auditor.visitor.open(path)
        assert auditor.check().find("form[method=post]").count() == 0, path
    auditor.visitor.open("/admin/audit")
    auditor.says(said("Record read by an auditor", language), number)


@pytest.mark.parametrize(("language", "size"), turn(SPOKEN, 3, 2))
def test_a_stranger_follows_the_code_of_a_paper_and_exposes_an_edited_one(academy, at_work, person, language, size):
    """CE6, R18, P6: where the code leads stands beside it; an edited file is shown beside what was issued."""
    holder = at_work(demo.EMPLOYEE, OTHER[language])
    mine = Certificates.of(holder.visitor)
    paper = mine.download(mine.numbers[0])
    note = PdfReader(io.BytesIO(paper)).pages[0]["/Annots"][0].get_object()
    address = urlsplit(note["/A"]["/URI"]).path  # what the code says, which a picture of the paper proves elsewhere

    stranger = person(viewport=size)
    register = Register(stranger.open(address).speak(language))
    register.says(said("This certificate is valid", language), demo.EMPLOYEE.name.show(language)).check()
    for data, words in (
        (paper, "The file is exactly as the academy issued it."),
        (paper[:4000] + bytes([paper[4000] ^ 1]) + paper[4001:], "This file is not as it was issued"),
    ):
        stranger.open("/verify")
        file = {"name": "شهادة.pdf", "mimeType": "application/pdf", "buffer": data}
        register.find("input[type=file]").set_input_files(file)
        register.press_and_arrive(".register-file button[type=submit]")
        register.says(said(words, language), demo.EMPLOYEE.name.show(language)).check()
        expect(register.find(".number-shown")).to_have_text(mine.numbers[0])
