"""PR3, P12: the audit trail is a chain; a changed, removed or slipped-in entry shows, and an export proves itself without us."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select, text

from academy.accounts.models import Organisation
from academy.base import audit, trail
from academy.base.db import about_to_write, db, lock
from tests.concurrency import crowd_app, prepared, run_together  # noqa: F401
from tests.conftest import DATABASE, NOW
from tests.factories import accounts as people

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def write(n: int) -> None:
    audit.record(
        "accounts:person:change",
        at=NOW,
        actor_id=n,
        subject=("person", n, "مريم «أ»"),
        before={"x": 1.5},
        after={"ب": [n, None]},
    )


@pytest.fixture
def written(app):
    """Five entries, each committed with its act."""
    for n in range(1, 6):
        write(n)
        db.session.commit()
    return list(db.session.scalars(select(audit.AuditEntry.id).order_by(audit.AuditEntry.id)))


def found() -> tuple[int, int | None]:
    checked = trail.check(at=NOW)
    return checked.through, checked.broken_at


def test_what_is_committed_is_linked_and_what_is_undone_is_not(written):
    assert found() == (5, None)
    write(6)
    db.session.flush()
    db.session.rollback()
    with pytest.raises(RuntimeError), db.session.begin_nested():
        write(7)
        db.session.flush()
        raise RuntimeError
    write(8)
    db.session.commit()
    assert found() == (6, None)
    assert [linked.number for linked in trail.chain(batch=2)] == [1, 2, 3, 4, 5, 6]


def test_an_act_undone_in_part_keeps_its_other_entries_in_the_chain(written):
    """What was recorded before a savepoint is linked although the savepoint was rolled back."""
    write(6)
    for n in (7, 8):
        with pytest.raises(RuntimeError), db.session.begin_nested():
            write(n)
            db.session.flush()
            raise RuntimeError
    with db.session.begin_nested():
        write(9)
    db.session.commit()
    assert found() == (7, None)


@pytest.mark.parametrize(
    ("forged", "at"),
    [
        ("UPDATE audit_entry SET actor_id = 99 WHERE id = {third}", 3),
        ("UPDATE audit_entry SET subject_label = subject_label || ' ' WHERE id = {third}", 3),
        ("UPDATE audit_link SET digest = repeat_digest WHERE number = 2", 2),
        ("DELETE FROM audit_link WHERE number = 4", 4),
        ("DELETE FROM audit_link WHERE number = 5", 5),
        (
            "INSERT INTO audit_entry (at, act, subject_type, subject_label) VALUES (CURRENT_TIMESTAMP, 'a:b:c', 'x', '')",
            6,
        ),
    ],
)
def test_a_changed_row_is_found_at_its_number(written, forged, at):
    assert found() == (5, None)
    forged = forged.replace("repeat_digest", f"'{'a' * 64}'")
    db.session.execute(text(forged.format(third=written[2])))
    assert found()[1] == at


def test_a_chain_that_was_cut_or_written_anew_contradicts_the_check_before(written):
    assert found() == (5, None)
    db.session.execute(text("DELETE FROM audit_link WHERE number = 5"))
    db.session.execute(text(f"DELETE FROM audit_entry WHERE id = {written[4]}"))
    assert found() == (4, 5)
    write(9)
    db.session.commit()
    assert found()[1] == 5, "another entry in its place does not mend it"


def test_the_export_proves_itself_by_the_lines_of_the_manual(written, visit, tmp_path):
    page = visit(people.grant(people.person(), "auditor"))
    response = page.client.get("/admin/audit.jsonl")
    assert response.status_code == 200
    script, file = tmp_path / "check.py", tmp_path / "trail.jsonl"
    script.write_text(re.search(r"```python\n(.*?)```", OPERATIONS.read_text("utf-8"), re.DOTALL).group(1), "utf-8")
    whole = response.get_data()

    def proved(data: bytes) -> tuple[int, str]:
        file.write_bytes(data)
        done = subprocess.run([sys.executable, str(script), str(file)], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    code, said = proved(whole)
    assert code == 0 and said.startswith(f"unbroken through {len(whole.splitlines())}")
    assert proved(whole.replace(b'\\"actor_id\\":3', b'\\"actor_id\\":4')) == (1, "broken at 3\n")
    lines = whole.splitlines(keepends=True)
    assert proved(b"".join(lines[:1] + lines[2:])) == (1, "broken at 2\n")


def test_the_page_and_the_command_say_how_far_it_is_unbroken(written, visit):
    auditor = people.grant(people.person(), "auditor")
    assert "لم تُفحص" in visit(auditor).get("/admin/audit").words
    trail.check(at=NOW)
    assert "متصلة حتى القيد رقم 5" in visit(auditor).get("/admin/audit").words
    db.session.execute(text(f"UPDATE audit_entry SET act = 'a:b:c' WHERE id = {written[1]}"))
    trail.check(at=NOW)
    assert "مكسورة عند القيد رقم 2" in visit(auditor).get("/admin/audit").words


def test_the_command_ends_with_one_for_a_broken_trail(app, written):
    run = app.test_cli_runner()
    whole = run.invoke(args=["academy", "check-trail"])
    assert whole.exit_code == 0 and "unbroken through number 5" in whole.output
    db.session.execute(text(f"UPDATE audit_entry SET act = 'a:b:c' WHERE id = {written[1]}"))
    broken = run.invoke(args=["academy", "check-trail"])
    assert broken.exit_code == 1 and "broken at number 2" in broken.output


def test_only_the_whole_academys_readers_take_the_proof(visit):
    of = people.organisation()
    for who in (
        people.administrator(of=of, everywhere=False),
        people.grant(people.person(of), "auditor", of=of),
        people.person(of),
    ):
        visit(who).get("/admin/audit.jsonl", 403)


@pytest.mark.concurrency
def test_many_at_once_make_one_chain_without_a_gap(crowd_app):  # noqa: F811
    def act(n: int) -> int:
        about_to_write()
        write(n)
        db.session.commit()
        return n

    outcomes = run_together(12, act, app=crowd_app)
    assert all(isinstance(each, int) for each in outcomes)
    with prepared(crowd_app):
        assert found() == (12, None)
        assert db.session.scalar(select(func.count()).select_from(trail.AuditLink)) == 12


@pytest.mark.concurrency
def test_acts_that_cross_each_other_wait_for_no_link(crowd_app):  # noqa: F811
    """One act is recorded before it takes a row that another holds, which is recorded last: neither waits for ever."""
    with prepared(crowd_app):
        row_id = people.organisation().id
    recorded, held = threading.Event(), threading.Event()
    apart = DATABASE == "postgresql"  # SQLite lets only one write at a time, whatever they do

    def act(n: int) -> int:
        about_to_write()
        if n == 0:
            write(n)
            db.session.flush()
            recorded.set()
            assert not apart or held.wait(30)
            lock(Organisation, row_id)
        else:
            lock(Organisation, row_id)
            held.set()
            assert not apart or recorded.wait(30)
            write(n)
        db.session.commit()
        return n

    assert run_together(2, act, app=crowd_app) == [0, 1]
    with prepared(crowd_app):
        assert found() == (2, None)


@pytest.mark.concurrency
def test_the_trail_is_checked_while_others_write(crowd_app, monkeypatch):  # noqa: F811
    """A check of a long chain keeps nobody waiting, and finds whole what grows meanwhile."""
    with prepared(crowd_app):
        write(1)
    read, written = threading.Event(), threading.Event()
    chain = trail.chain

    def slow_chain():
        for linked in chain():
            read.set()
            assert written.wait(10), "nobody could write while the chain was read"
            yield linked

    monkeypatch.setattr(trail, "chain", slow_chain)

    def act(n: int) -> tuple[int, int | None] | None:
        about_to_write()
        if n == 0:
            return found()
        assert read.wait(30)
        write(2)
        db.session.commit()
        written.set()
        return None

    assert run_together(2, act, app=crowd_app) == [(1, None), None]
    monkeypatch.undo()
    with prepared(crowd_app):
        assert found() == (2, None)


LONG, MIDDLE = 10_500, 5_400


@pytest.fixture
def long_trail(app):
    """More than ten thousand entries, written and linked by statements over many rows."""
    row = {"at": NOW, "act": "accounts:person:change", "subject_type": "person", "after": {"note": "س" * 400}}
    made = [{**row, "actor_id": n, "subject_id": n, "subject_label": f"شخص {n}"} for n in range(1, LONG + 1)]
    db.session.execute(insert(audit.AuditEntry), made)
    trail._link(db.session, list(db.session.scalars(select(audit.AuditEntry.id))))
    db.session.commit()


@contextmanager
def batches() -> Iterator[list[str]]:
    """Collect the statements of a block that read the chain."""
    seen: list[str] = []
    engine = getattr(db.engine, "engine", db.engine)

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.extend([statement] if "audit_link" in statement and "audit_entry" in statement else [])

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_change_in_the_middle_of_a_long_trail_is_found_a_batch_at_a_time(app, long_trail):
    """PR3: more than ten thousand entries are read 500 at a time and none is kept: whole, then changed in the middle."""
    with batches() as seen:
        assert found() == (LONG, None)
    assert LONG // 500 <= len(seen) <= LONG // 500 + 2
    assert not [row for row in db.session.identity_map.values() if isinstance(row, audit.AuditEntry | trail.AuditLink)]
    changed = db.session.scalar(select(trail.AuditLink.entry_id).where(trail.AuditLink.number == MIDDLE))
    db.session.execute(text(f"UPDATE audit_entry SET subject_label = 'أحد آخر' WHERE id = {changed}"))
    assert found() == (MIDDLE - 1, MIDDLE)
    done = app.test_cli_runner().invoke(args=["academy", "check-trail"])
    assert done.exit_code == 1 and f"broken at number {MIDDLE}" in done.output


def test_the_export_of_a_long_trail_streams(visit, long_trail):
    """PR3: a line goes out before the next batch is read."""
    page = visit(people.grant(people.person(), "auditor"))
    with batches() as seen, page.client.get("/admin/audit.jsonl", buffered=False) as response:
        lines = response.iter_encoded()
        next(lines)
        begun = len(seen)
        told = 1 + sum(1 for _line in lines)
    assert told >= LONG and len(seen) - begun >= LONG // 500
