"""CE8: two files at once give each earlier certificate once; it counts for service; those of programmes are renewed."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from academy.base import clock
from academy.base.db import db
from academy.credentials import services_of_imports as imports
from academy.credentials import services_of_programmes as services
from academy.credentials.models import Certificate, CertificateImportRow
from academy.credentials.queries import certificates_of
from academy.credentials.queries_of_programmes import programme_stages
from academy.credentials.rules_of_renewal import Stage
from academy.learning import services as courses
from academy.learning.models import ProgrammeEnrolment, ProgrammeStepDone
from academy.learning.services import programmes
from academy.partners.queries_of_serving import roster_on
from academy.partners.rules import May
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import NOW
from tests.factories import accounts as people
from tests.factories import catalogue, learning, partners
from tests.factories import programmes as make
from tests.factories.credentials import earlier_file


@pytest.fixture(autouse=True)
def today():
    """The day of the tests."""
    with time_machine.travel(NOW, tick=False):
        yield


def imported(owner, home, *rows) -> None:
    found = earlier_file(owner, home, *rows, at=clock.now())
    digest = imports.preview(found, today=clock.today()).digest
    imports.apply(found.id, digest, actor_id=owner.id, at=clock.now())
    imports.import_batch(found.id, at=clock.now())


@pytest.mark.concurrency
def test_two_imports_of_the_same_rows_at_once_issue_each_once(crowd_app):  # noqa: F811
    with prepared(crowd_app):
        home = people.organisation()
        course = catalogue.course(home, key="measuring")
        rows = [f"{people.person(of=home).email},{course.key},2024-02-0{day},,OLD-{day}" for day in range(1, 6)]
        ids = []
        for _ in range(2):
            owner = people.administrator(home, everywhere=False)
            found = earlier_file(owner, home, *rows, at=NOW)
            digest = imports.preview(found, today=clock.today()).digest
            imports.apply(found.id, digest, actor_id=owner.id, at=NOW)
            ids.append(found.id)
    outcomes = run_together(2, lambda n: imports.import_batch(ids[n], at=NOW), app=crowd_app)
    assert outcomes == [None, None]
    with prepared(crowd_app):
        assert db.session.scalar(select(func.count()).select_from(Certificate)) == len(rows)
        ends = sorted(db.session.scalars(select(CertificateImportRow.outcome)))
        assert ends == ["imported"] * 5 + ["same"] * 5, "a row has no end, or one that is not true"


def test_an_imported_certificate_lets_somebody_serve(app):
    """R22: the roster counts what was earned before the academy, and only as long as it lasts."""
    of = people.organisation(kind="partner")
    needed = partners.required_course()
    partners.agreement(of, needed)
    who, owner = partners.member(of), people.administrator()
    on = roster_on(of.id, clock.today(), today=clock.today(), person_id=who.id).lines[0]
    assert on.verdict.may is May.NOT
    last = clock.today() + timedelta(days=40)
    imported(owner, of, f"{who.email},{needed.key},2025-12-20,{last.isoformat()},OLD-1")
    for day, may in ((clock.today(), May.SERVE), (last, May.SERVE), (last + timedelta(days=1), May.NOT)):
        line = roster_on(of.id, day, today=clock.today(), person_id=who.id).lines[0]
        assert line.verdict.may is may, day


def test_an_imported_certificate_of_a_programme_is_renewed_like_others(app):
    """CE5, CE8: cycle 2, from the last day on; what was done before it began does not count again."""
    home = people.organisation()
    who, owner = people.person(of=home), people.administrator(home, everywhere=False)
    course = catalogue.course(of=home, gives_certificate=False)
    programme = make.programme(home, groups=[(None, [make.for_course(course)])], validity_months=12)
    learning.completed(learning.enrolment(who, course), at=NOW - timedelta(days=100))
    imported(owner, home, f"{who.email},{programme.key},2025-12-20,2026-12-20,OLD-1")
    held = db.session.scalars(select(Certificate)).one()
    assert held.programme_id == programme.id and held.cycle < 1
    assert (
        programme_stages(who.id, who.organisation_id, certificates_of(who.id), today=clock.today())[held.id].stage
        is Stage.OPEN
    )
    renewal = services.renew_programme(held.id, by_id=who.id, at=clock.now())
    place = db.session.get_one(ProgrammeEnrolment, renewal.programme_enrolment_id)
    assert (renewal.cycle, place.cycle, renewal.continues_from) == (2, 2, date(2026, 12, 20))
    assert not db.session.scalars(select(ProgrammeStepDone)).all(), "what was done before was counted again"
    assert (
        programme_stages(who.id, who.organisation_id, certificates_of(who.id), today=clock.today())[held.id].stage
        is Stage.BEGUN
    )
    learning.completed(courses.take_anew(who.id, course.id, at=clock.now()), at=clock.now())
    programmes.settle_programme_renewals(who.id, at=clock.now())
    new = services.issue_for_renewal(renewal.id, at=clock.now())
    assert (new.cycle, new.expires_on) == (2, date(2027, 12, 20)), "who was early has lost days"
