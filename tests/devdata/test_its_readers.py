"""The demonstration academy as its readers meet it, by requests alone: every page of each, a few questions more, and what recurs."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask

from academy.base.db import transaction
from academy.devdata import accounts as demo
from tests.conftest import Browser, counted
from tests.journeys.addresses import PAGES, addresses, endpoint_of
from tests.journeys.prepared import person
from tests.seeded import opened_copy, seeded, work  # noqa: F401

MOST = 8  # statements; what their number may not grow with is tested where each list is
# What is put together from more than that, each with its number.
MORE = {"catalogue.publish": 9, "administration.person": 9}
LEADING = (
    "/team?scope={scope}&state=overdue",
    "/team?scope={scope}&q=نوره العتيبى",
    "/team?scope={scope}&state=overdue&q=نوره العتيبى",
    "/team/map?scope={scope}&domain=D4",
    "/team/compliance?scope={scope}&on=2026-03-01",
    "/team/assign?course=cx-foundations&people={member}",
)
# What readers ask besides, by words and filters that are no pages of their own.
ASKED = {
    "newcomer": ("/courses?q=تجربة العميل",),
    "manager": tuple(each.replace("{scope}", "all") for each in LEADING),
    "acting manager": tuple(each.replace("{scope}", "d{manager}") for each in LEADING),
    "director": tuple(each.replace("{scope}", "all") for each in LEADING),
    "administrator": ("/admin/people?q=نورة العتيبي",),
    "trainer's questions": ("/bank?place=bank", "/bank?q=خدمة المستفيد"),
}


@pytest.fixture(scope="module")
def filled(seeded, tmp_path_factory, worker) -> Iterator[Flask]:  # noqa: F811
    """A copy of the seeded academy of its own, in which every request is a transaction of its own."""
    with opened_copy(seeded, tmp_path_factory.mktemp("read"), f"academy_read_{worker}") as app:
        yield app


@pytest.fixture(scope="module")
def pages(filled) -> dict[str, list[str]]:
    """The addresses of every page by who opens them."""
    return addresses(filled)


@pytest.mark.parametrize("who", PAGES)
def test_every_page_answers_its_reader_with_few_statements(who, filled, pages):
    reader, account = Browser(filled), PAGES[who][0]
    with filled.app_context(), transaction():
        ids = {"manager": person(demo.MANAGER).id, "member": person(demo.EMPLOYEE).id}
        if account:
            reader.sign_in(person(account))
    wrong = []
    for path in [*pages[who], *(each.format(**ids) for each in ASKED.get(who, ()))]:
        with filled.app_context(), counted() as sent:
            status = reader.client.get(path).status_code
        if status >= 500 or len(sent) > MORE.get(endpoint_of(filled, urlsplit(path).path), MOST):
            wrong.append((path, status, len(sent)))
    assert wrong == []


@pytest.mark.parametrize("leader", [demo.MANAGER, demo.DEPUTY, demo.DIRECTOR], ids=lambda each: each.key)
def test_whoever_leads_reminds_one_of_their_people_and_finds_whom_to_assign_to(leader, filled):
    """RE3, RE6: by the reporting line, as the deputy of somebody, and from above."""
    reader = Browser(filled)
    with filled.app_context(), transaction():
        scope = f"d{person(demo.MANAGER).id}" if leader is demo.DEPUTY else "all"
        reader.sign_in(person(leader))
    with filled.app_context():
        overdue = reader.get(f"/team?scope={scope}&state=overdue").select("button[name=enrolment]")
    with filled.app_context():
        reader.post("/team/remind", {"enrolment": overdue[-1]["value"], "scope": scope}, follow=False)
    with filled.app_context():
        found = reader.post("/team/assign", {"step": "find", "q": "العتيبى نوره"})
    assert demo.EMPLOYEE.name.ar in found.words


def test_what_recurs_goes_well(filled):
    assert work(filled) > 10
