"""A place that is asked for: the newcomer asks on a phone, the manager answers from the letter, the newcomer begins."""

import pytest
from sqlalchemy import select

from academy.base.db import db
from academy.devdata import accounts as demo
from academy.notices.models import Letter
from tests.journeys.knowing import person_id
from tests.journeys.pages import Place
from tests.journeys.visitor import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PHONE = {"viewport": NARROW, "has_touch": True, "is_mobile": True}


def test_a_place_is_asked_for_on_a_phone_and_given_from_a_letter(academy, person):
    """CA3: request, letter, approval, place; in both languages."""
    newcomer = person(**PHONE).sign_in(demo.NEWCOMER)
    newcomer.open("/programmes/cx-practitioner")
    page = Place(newcomer).says("الالتحاق هنا بطلب").check()
    page.press_and_arrive("a[href$='/cx-practitioner/request']")
    page.find("textarea").fill("أعمل في قياس رضا المستفيدين.")
    page.check().press_and_arrive("form button[type=submit]")
    page.says("ينتظر القرار", demo.MANAGER.name.ar).check()

    academy.work()
    manager = person_id(academy, demo.MANAGER)
    with academy.inside():
        mine = Letter.person_id == manager, Letter.kind == "request_waiting"
        address = db.session.scalar(select(Letter.address).where(*mine).order_by(Letter.id.desc()).limit(1))
    reader = person()
    reader.open("/" + address.split("/", 3)[3])
    letter = Place(reader).says(demo.NEWCOMER.name.ar, "أعمل في قياس رضا المستفيدين.").check()
    letter.find("input[value=approve]").check()
    letter.press_and_arrive("form button[type=submit]")
    letter.says("شكرًا، وصل قرارك", "مقبول").check()

    academy.work()
    newcomer.speak("en").open("/requests")
    Place(newcomer).says("Approved").check()
    newcomer.open("/notices")
    Place(newcomer).says("Your request was approved")


def test_a_manager_answers_from_the_inbox(academy, person):
    """CA3: the page of a request, with a refusal that lacks its reason first."""
    manager = person().sign_in(demo.MANAGER).speak("en")
    manager.open("/requests")
    page = Place(manager).says("Waiting for you").check()
    page.press_and_arrive(page.find("tbody a").first)
    page.check().find("input[value=refuse]").check()
    page.press_and_arrive("form button[type=submit]")
    page.says("Give the reason").check()
    page.find("textarea").fill("After the season.")
    page.press_and_arrive("form button[type=submit]")
    page.says("The request was refused.").check()
