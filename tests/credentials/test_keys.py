"""CE4, P6: the keys that sign badges are sealed, public for ever, and replaced by two people together, never by one."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from academy.base import place
from academy.base.audit import AuditEntry
from academy.base.db import db
from academy.base.errors import Conflict
from academy.credentials import queries_of_keys, services_of_keys
from academy.credentials import services_of_signing as services
from academy.credentials.badges import documents
from academy.credentials.models import SigningKey
from academy.credentials.models_of_keys import KeyProposal
from academy.credentials.queries_of_signing import key_in_use, signing_keys
from academy.credentials.signing import keys, tokens
from tests import verifier
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import credentials as papers

KEYS = "/admin/certificates/keys"


@pytest.fixture
def in_use(app) -> SigningKey:
    """The key in use."""
    return services.signer_in_use(at=NOW)[0]


def replace(monkeypatch, **given) -> None:
    """Run with other settings of the place."""
    here = place.lent.here
    monkeypatch.setattr(place.lent, "here", lambda: here()._replace(**given))


def test_known_answers_of_the_standards():
    """RFC 8037, appendix A: the key, its thumbprint and the signature of a token."""
    private = Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    signer = keys.signer(private)
    jwk = keys.jwk(signer.multikey, "a name")
    assert jwk["x"] == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    assert jwk["kid"] == "a name" and keys.thumbprint(signer.multikey) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    example = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    body, _, signature = example.rpartition(".")
    assert keys.verifies(signer.multikey, tokens._decoded(signature), body.encode())


@pytest.mark.parametrize(
    ("data", "written"),
    [
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
        (bytes.fromhex("73696d706c792061206c6f6e6720737472696e67"), "z2cFupjhnEsSn59qHXstmK2ffpLv2"),
    ],
)
def test_base_58_is_written_and_read_as_others_do(data, written):
    """Of 256 signatures one begins with a zero byte; two of the examples are those of draft-msporny-base58."""
    assert keys.multibase(data) == written
    assert keys.from_multibase(written) == verifier.base58(written) == data


@pytest.mark.parametrize("text", ["", "z", "z0", "zO", "u123", "z" + "1" * 300, "z6Mk", "z٣"])
def test_an_odd_key_is_no_key(text):
    assert not keys.verifies(text, b"x" * 64, b"data")


def test_a_key_opens_with_its_own_secret_and_name_only():
    key = keys.new()
    sealed = keys.seal(key, "one secret")
    assert keys.unseal(sealed, key.multikey, "one secret").multikey == key.multikey
    for name, secret in ((key.multikey, "another"), (keys.new().multikey, "one secret")):
        with pytest.raises(keys.CannotOpen):
            keys.unseal(sealed, name, secret)


def test_the_first_key_makes_itself_and_stays(in_use):
    again, signer = services.signer_in_use(at=NOW)
    assert again is in_use and signer.multikey == in_use.multikey
    assert signer.private.private_bytes_raw().hex() not in (in_use.sealed or "")


def test_another_secret_signs_nothing_and_says_so(in_use, monkeypatch):
    replace(monkeypatch, secret="quite another secret of the academy")
    with pytest.raises(services.NoKey):
        services.signer_in_use(at=NOW)
    papers.rotate(in_use.multikey, "السر تغيّر", at=NOW)
    assert services.signer_in_use(at=NOW)[0].multikey != in_use.multikey


def test_a_replaced_key_stays_public_and_can_sign_no_more(in_use, browser):
    new = papers.rotate(in_use.multikey, "سنوي", at=NOW + timedelta(days=1))
    db.session.flush()
    assert (in_use.sealed, in_use.in_use, in_use.retired_because) == (None, None, "سنوي")
    assert key_in_use() is new and len(signing_keys()) == 2
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "credentials:key:rotate")).one()
    assert (
        entry.after == {"key": new.multikey, "reason": "سنوي", "by": 1}
        and entry.actor_id == 2
        and entry.before == {"key": in_use.multikey}
    )
    names, sealed = [new.multikey, in_use.multikey], new.sealed
    browser.get("/badges/issuer")
    told = browser.response.get_json()
    assert [method["publicKeyMultibase"] for method in told["verificationMethod"]] == names
    assert told["assertionMethod"] == [f"http://localhost/badges/issuer#{name}" for name in names]
    assert browser.response.headers["Access-Control-Allow-Origin"] == "*"
    browser.get("/.well-known/jwks.json")
    assert browser.response.get_json() == documents.key_set(names)
    browser.get("/.well-known/did.json")
    assert browser.response.get_json()["id"] == "did:web:localhost"
    for name in names:
        browser.get(f"/badges/keys/{name}")
        assert browser.response.get_json() == keys.jwk(name, f"http://localhost/badges/keys/{name}")
    assert sealed not in browser.response.get_data(as_text=True)
    browser.get("/badges/keys/z6MkunknownNobody", 404)


def test_a_stale_page_replaces_nothing(in_use):
    papers.rotate(in_use.multikey, "أول", at=NOW)
    with pytest.raises(Conflict):
        papers.rotate(in_use.multikey, "ثان", at=NOW)
    assert len(signing_keys()) == 2


def test_the_database_allows_one_key_in_use(in_use):
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(SigningKey(multikey="z6Mkother", sealed="x", in_use=True, made_at=NOW))
        db.session.flush()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(
            SigningKey(multikey="z6Mkx", sealed="x", in_use=None, made_at=NOW, retired_at=NOW, retired_because="x")
        )
        db.session.flush()


@pytest.mark.parametrize("packed", [False, True])
def test_a_key_may_live_in_a_file(app, monkeypatch, tmp_path, packed):
    private = Ed25519PrivateKey.generate()
    path = tmp_path / "key"
    encryption = BestAvailableEncryption(b"phrase")
    if packed:
        path.write_bytes(pkcs12.serialize_key_and_certificates(None, private, None, None, encryption))
    else:
        path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    own = services.signer_in_use(at=NOW)[0].multikey
    replace(monkeypatch, badge_key=path, badge_password="phrase")
    assert services.signer_in_use(at=NOW)[1].multikey == own, "a file brings nothing in by itself"
    papers.rotate(own, "مفتاح الجهة", at=NOW)
    row, signer = services.signer_in_use(at=NOW)
    assert signer.multikey == keys.signer(private).multikey and row.sealed is None
    assert [(key.multikey, key.in_use) for key in signing_keys()] == [(signer.multikey, True), (own, None)]
    assert services.signer_in_use(at=NOW)[0] is row
    with pytest.raises(Conflict):
        papers.rotate(row.multikey, "x", at=NOW)
    replace(monkeypatch, badge_key=path, badge_password="wrong")
    with pytest.raises(services.NoKey):
        services.signer_in_use(at=NOW)
    replace(monkeypatch, badge_key=None, badge_password=None)
    with pytest.raises(services.NoKey):
        services.signer_in_use(at=NOW)
    assert papers.rotate(row.multikey, "بلا ملف", at=NOW).sealed


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "rsa.pem"
    path.write_bytes(generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(keys.CannotOpen):
        keys.read(path, None)


def test_two_people_replace_the_key_on_the_page(in_use, visit):
    one, two = people.administrator(), people.grant(people.person(), "officer")
    page = visit(one)
    shown = page.get(KEYS)
    seen = shown.select_one("input[name=seen]")["value"]
    assert seen == in_use.multikey and in_use.multikey in shown.words and two.name.ar in shown.words
    refused = page.post(KEYS, {"seen": seen, "reason": "  "}, 422)
    assert "السبب في جملة واحدة" in refused.words
    waits = page.post(KEYS, {"seen": seen, "reason": "تغيير <b>سنوي</b>"})
    assert "تغيير <b>سنوي</b>" in waits.words and in_use.in_use
    number = db.session.scalar(select(KeyProposal.id))
    assert not waits.select(f"form[action$='/{number}/confirm']")
    page.post(f"{KEYS}/{number}/confirm", {"meant": "y"}, 404)
    page.post(KEYS, {"seen": seen, "reason": "مرة أخرى"})
    assert in_use.in_use and db.session.scalar(select(func.count()).select_from(KeyProposal)) == 1
    other = visit(two)
    other.post(f"{KEYS}/{number}/confirm", {}, 422)
    done = other.post(f"{KEYS}/{number}/confirm", {"meant": "y"})
    assert "مفتاح جديد" in done.words and seen in done.words and one.name.ar in done.words
    assert not in_use.in_use and key_in_use().proposal_id == number
    assert [entry.act for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.act.like("credentials:key:%")).order_by(AuditEntry.id))] == [
        "credentials:key:propose", "credentials:key:confirm", "credentials:key:rotate",
    ]  # fmt: skip


def test_a_proposal_is_declined_by_another_and_withdrawn_by_its_own(in_use, visit):
    one, two = people.administrator(), people.administrator()
    for who, outcome in ((two, "declined"), (one, "withdrawn")):
        proposal = services_of_keys.propose(seen=in_use.multikey, because="سبب", actor_id=one.id, at=NOW)
        page = visit(who)
        page.post(f"{KEYS}/{proposal.id}/decline", {"answer": ""}, 422)
        page.post(f"{KEYS}/{proposal.id}/decline", {"answer": "لا حاجة"})
        db.session.refresh(proposal)
        assert (proposal.outcome, proposal.answer, in_use.in_use) == (outcome, "لا حاجة", True)


def test_whoever_keeps_the_keys_alone_cannot_replace_them(in_use, visit):
    page = visit(people.administrator())
    waits = page.post(KEYS, {"seen": in_use.multikey, "reason": "وحدي"})
    assert "لا أحد غيرك يستطيع تأكيده" in waits.words
    with pytest.raises(Conflict):
        services_of_keys.confirm(db.session.scalar(select(KeyProposal.id)), actor_id=page.person.id, at=NOW)


def test_a_second_membership_is_not_another_who_keeps_the_keys(in_use):
    one, same = people.administrator(), people.administrator(people.organisation())
    people.account(one, same)
    assert queries_of_keys.keepers(but=one.id) == []
    row = services_of_keys.propose(seen=in_use.multikey, because="سبب", actor_id=one.id, at=NOW)
    with pytest.raises(Conflict):
        services_of_keys.confirm(row.id, actor_id=same.id, at=NOW)


@pytest.mark.parametrize(
    "given",
    [
        {"outcome": "confirmed", "waits": None, "decided_at": NOW, "decided_by_id": 1},
        {"outcome": "declined", "waits": None, "decided_at": NOW, "decided_by_id": 2},
        {"outcome": "confirmed", "waits": True, "decided_at": NOW, "decided_by_id": 2},
        {"outcome": "confirmed", "waits": None, "decided_at": NOW},
    ],
)
def test_the_database_refuses_one_person_as_both_and_half_decisions(app, given):
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(KeyProposal(seen="z6Mk", reason="x", proposed_at=NOW, proposed_by_id=1, **given))
        db.session.flush()


def test_nobody_else_sees_or_replaces_keys(in_use, visit, browser):
    browser.get(KEYS, 302)
    home = people.organisation()
    proposal = services_of_keys.propose(seen=in_use.multikey, because="سبب", actor_id=1, at=NOW)
    others = (
        people.person(of=home),
        people.administrator(of=home, everywhere=False),
        people.grant(people.person(of=home), "officer", of=home),
    )
    for person in others:
        visit(person).get(KEYS, 403)
        visit(person).post(KEYS, {"seen": in_use.multikey, "reason": "x"}, 403)
        visit(person).post(f"{KEYS}/{proposal.id}/confirm", {"meant": "y"}, 404)
        visit(person).post(f"{KEYS}/{proposal.id}/decline", {"answer": "x"}, 404)
    assert in_use.in_use


@pytest.mark.concurrency
def test_of_many_who_confirm_at_once_one_replaces_the_key(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        seen = services.signer_in_use(at=NOW)[0].multikey
        number = services_of_keys.propose(seen=seen, because="سبب", actor_id=1, at=NOW).id
    outcomes = run_together(
        6, lambda n: services_of_keys.confirm(number, actor_id=n + 2, at=NOW).multikey, app=crowd_app
    )
    assert sum(isinstance(each, str) for each in outcomes) == 1


@pytest.mark.concurrency
def test_many_first_signatures_make_one_key(crowd_app):  # noqa: F811
    outcomes = run_together(8, lambda _n: services.signer_in_use(at=NOW)[1].multikey, app=crowd_app)
    assert len(outcomes) == 8 and len(set(map(str, outcomes))) == 1 and str(outcomes[0]).startswith("z6Mk")
