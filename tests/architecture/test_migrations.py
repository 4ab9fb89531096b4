"""The migrations make exactly the tables of the models, go up on data, and can be taken back."""

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, func, inspect, select, text

from academy.accounts.models import Account, OneTimeLink, Organisation, OrgUnit, Person
from academy.app import create_app
from academy.base import clock, trail
from academy.base.db import about_to_write, db, metadata
from academy.catalogue.models import Course
from academy.partners.models import RequiredCertificate
from tests import migrated
from tests.conftest import DATABASE, settings_for
from tests.factories import accounts as people
from tests.factories import catalogue, partners

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("organisation", recreate="{how}") as batch_op:
        batch_op.add_column(sa.Column("motto", sa.String(20), nullable=True))


def downgrade():
    with op.batch_alter_table("organisation", recreate="{how}") as batch_op:
        batch_op.drop_column("motto")
"""


@pytest.fixture
def opened(tmp_path, worker):
    """Open an application over a copy of a database."""
    with ExitStack() as ends:

        def over(copied):
            app = create_app(settings_for(f"academy_migrations_{worker}", tmp_path, tables=copied))
            ends.enter_context(app.app_context())
            about_to_write()
            ends.callback(lambda: (db.session.remove(), db.engine.dispose()))

        yield over


@pytest.fixture
def newest(opened):
    """An application over an empty academy at the newest revision."""
    opened(migrated.at("head"))


@pytest.fixture(scope="module")
def used():
    """An academy that was in use before the chain and before accounts, after the upgrade."""
    return migrated.brought_up("used", put_in_what_was_there)


@pytest.mark.filterwarnings("ignore:autogenerate skipping:UserWarning")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning")
def test_migrations_make_what_the_models_say_and_come_down_again(newest):
    with db.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)
    assert not difference, "the models changed: write a migration (flask --app wsgi db migrate)"
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}


def test_a_rebuilt_table_keeps_its_children(newest, tmp_path):
    """On SQLite a batch rebuild drops the parent; with foreign keys on, the cascade would take the children along."""
    unit = people.org_unit()
    people.person(unit=unit)
    db.session.commit()
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    head = max(path.name.split("_")[0] for path in (folder / "versions").glob("*.py"))
    (folder / "versions" / "9999_rebuild.py").write_text(
        REBUILD.format(head=head, how="always" if DATABASE == "sqlite" else "auto")
    )
    for go in (upgrade, downgrade):
        db.session.remove()
        go(directory=str(folder))
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        assert db.session.scalar(select(func.count()).select_from(OrgUnit)) == 1
    db.session.remove()
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_migrations_make_every_check_of_the_models(newest):
    """A table that SQLite rebuilds forgets its checks unless the migration names them again; no comparison sees that."""
    made = inspect(db.engine)
    for table in metadata.sorted_tables:
        wanted = {check.name for check in table.constraints if isinstance(check, CheckConstraint) and check.name}
        found = {check["name"] for check in made.get_check_constraints(table.name)}
        assert found == wanted, f"{table.name}: the checks differ: {found ^ wanted}"


def put_in_what_was_there():
    """Write two entries of the trail, and two people with links, of whom one has a password."""
    run = db.session.execute
    values = "(CURRENT_TIMESTAMP, 'a:b:c', 'x', 'مريم', '{\"ب\": 1}')"
    run(text(f"INSERT INTO audit_entry (at, act, subject_type, subject_label, after) VALUES {values}, {values}"))
    at = "'2026-01-04 08:00:00+00:00'"
    for number, (key, kind) in enumerate((("a", "agency"), ("b", "partner")), start=1):
        run(
            text(
                "INSERT INTO organisation (id, key, kind, name, active, created_at)"
                f" VALUES ({number}, '{key}', '{kind}', '{{}}', true, {at})"
            )
        )
    for number, (email, password) in enumerate((("with@a.test", "'hash'"), ("without@a.test", "NULL")), start=1):
        run(
            text(
                "INSERT INTO person (id, email, name, search_text, organisation_id, state, password_hash, language, digits, calendar,"
                f" created_at) VALUES ({number}, '{email}', '{{}}', ' ', 1, 'active', {password}, 'ar', 'latn', 'both', {at})"
            )
        )
        for kind in ("invitation", "password_reset"):
            run(
                text(
                    "INSERT INTO one_time_link (purpose, person_id, token_digest, created_at, expires_at)"
                    f" VALUES ('{kind}', {number}, '{kind}{number}', {at}, {at})"
                )
            )
    db.session.commit()
    db.session.remove()


def test_entries_of_the_trail_from_before_the_chain_are_linked(opened, used):
    """PR3: an academy that was in use has a whole chain after the upgrade. That it comes down again, the next test sees."""
    opened(used)
    found = trail.check(at=clock.now())
    assert (found.through, found.broken_at) == (2, None)
    db.session.commit()


def test_accounts_are_made_of_what_was_there_and_go_back_again(opened, used):
    """ID11: whoever had a password keeps it and the links sent to them; the way back keeps everybody, once an address."""
    opened(used)
    run = db.session.execute
    told = select(Person.id, Account.email, Account.password_hash).outerjoin(Account, Account.id == Person.account_id)
    assert list(run(told.order_by(Person.id))) == [(1, "with@a.test", "hash"), (2, None, None)]
    links = select(OneTimeLink.token_digest, OneTimeLink.person_id, OneTimeLink.account_id.is_not(None))
    assert sorted(run(links)) == [("invitation1", 1, False), ("invitation2", 2, False), ("password_reset1", None, True)]
    kept = db.session.get(Person, 1)
    both = people.person(of=db.session.get(Organisation, 2), id=3, email=kept.email)
    people.account(kept, both, email="in@a.test", password_hash="newer")
    both_id = both.id
    db.session.commit()
    db.session.remove()
    downgrade(revision="0033")
    rows = run(text("SELECT id, email, password_hash FROM person ORDER BY id")).all()
    assert rows == [(1, "with@a.test", "newer"), (2, "without@a.test", None), (both_id, f"{both_id}+with@a.test", None)]
    db.session.remove()


def test_an_employee_number_that_two_have_is_told_apart(newest):
    """ID12: nothing of it is lost, and nobody is taken for the other; whoever has another number or is of another organisation keeps theirs as it is."""
    home = people.organisation()
    first, second, another = (people.person(of=home, employee_number=number) for number in ("E-1", None, "E-2"))
    theirs = people.person(employee_number="E-1")
    ids = [each.id for each in (first, second, another, theirs)]
    db.session.commit()
    db.session.remove()
    downgrade(revision="0057")
    db.session.execute(text(f"UPDATE person SET employee_number = 'e-1' WHERE id = {ids[1]}"))
    db.session.commit()
    db.session.remove()
    upgrade()
    kept = dict(db.session.execute(select(Person.id, Person.employee_number).where(Person.id.in_(ids))).all())
    assert [kept[each] for each in ids] == [f"E-1 ({ids[0]})", f"e-1 ({ids[1]})", "E-2", "E-1"]
    db.session.remove()


def test_a_code_that_two_courses_have_is_told_apart(newest):
    """ID12: the oldest keeps it, nothing is lost; courses without a code and those of others stay as they are."""
    home = people.organisation()
    rows = [catalogue.course(of=home, code=code, published=False) for code in ("CX-1", "CX-2", "", "")]
    theirs = catalogue.course(code="CX-1", published=False)
    ids = [each.id for each in (*rows, theirs)]
    db.session.commit()
    db.session.remove()
    downgrade(revision="0058")
    db.session.execute(text(f"UPDATE course SET code = 'cx-1' WHERE id = {ids[1]}"))
    db.session.commit()
    db.session.remove()
    upgrade()
    kept = dict(db.session.execute(select(Course.id, Course.code).where(Course.id.in_(ids))).all())
    assert [kept[each] for each in ids] == ["CX-1", f"cx-1 ({ids[1]})", "", "", "CX-1"]
    db.session.remove()


def test_agreements_keep_what_they_asked_for(newest):
    """ID12: the courses stay on the way up and down; what asks for programmes has no place in the former tables."""
    course, programme = partners.required_course(), partners.required_programme()
    both = partners.agreement(partners.partner(), course, programme)
    of, also = partners.agreement(partners.partner(), course), partners.required_course()
    ids = (both.id, of.id, course.id, also.id)
    db.session.commit()
    db.session.remove()
    downgrade(revision="0053")
    run = db.session.execute
    rows = select(text("agreement_id, course_id")).select_from(text("partner_agreement_course")).order_by(text("1, 2"))
    assert list(run(rows)) == [(ids[0], ids[2]), (ids[1], ids[2])]
    run(text(f"INSERT INTO partner_agreement_course (agreement_id, course_id) VALUES ({ids[1]}, {ids[3]})"))
    db.session.commit()
    db.session.remove()
    upgrade()
    made = select(RequiredCertificate.agreement_id, RequiredCertificate.course_id, RequiredCertificate.programme_id)
    assert sorted(run(made)) == [(ids[0], ids[2], None), (ids[1], ids[2], None), (ids[1], ids[3], None)]
    db.session.remove()
