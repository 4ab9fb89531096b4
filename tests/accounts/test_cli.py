"""The first administrator of a new academy comes in by a command and a link that works once."""

import re

from sqlalchemy import select

from academy.accounts.models import Person
from academy.base.access import ADMINISTRATOR
from academy.base.db import db

GIVEN = [
    "academy",
    "create-admin",
    "--email",
    "First.Admin@agency.example",
    "--name-ar",
    "مدير النظام",
    "--name-en",
    "First admin",
]


def test_the_first_administrator_is_invited(app, browser):
    answer = app.test_cli_runner().invoke(args=GIVEN)
    assert answer.exit_code == 0, answer.output
    link = re.search(r"http://localhost(/invitation/\S+)", answer.output).group(1)
    assert "First admin" in browser.get(f"{link}").words or "مدير النظام" in browser.get(f"{link}").words
    person = db.session.scalar(select(Person).where(Person.email == "first.admin@agency.example"))
    assert person.state == "invited" and person.account_id is None


def test_asking_twice_for_one_address_is_refused_in_words(app):
    runner = app.test_cli_runner()
    runner.invoke(args=GIVEN)
    again = runner.invoke(args=GIVEN)
    assert again.exit_code == 1 and "Traceback" not in again.output
    db.session.rollback()


def test_the_commands_print_doors_rights_and_listeners(app):
    runner = app.test_cli_runner()
    assert "/verify" in runner.invoke(args=["academy", "routes"]).output
    assert ADMINISTRATOR.capitalize() in runner.invoke(args=["academy", "permissions"]).output
    assert "CourseCompleted" in runner.invoke(args=["academy", "facts"]).output
