"""The administrator: an organisation, its unit, its first person, an import, a suspension, and the trail of all of it."""

import re

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo
from tests.journeys.desk import Form
from tests.journeys.knowing import arabic
from tests.journeys.office import Letters, NewPassword, People
from tests.journeys.pages import Home

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
COMPANY = ("شركة الواحة للتشغيل", "Oasis Operations")
GUEST = "amal@oasis.example"
PASSWORD = "خيمة واسعة تحت نخلة 7"
FILE = (
    "الاسم بالعربية,Name in English,البريد الإلكتروني,الجوال\n"
    "خالد الشمري,Khalid Al-Shammari,khalid@oasis.example,٠٥١٢٣٤٥٦٧٨\n"
    "ليلى الحسن,Layla Al-Hassan,layla@oasis.example,\n"
    "ليلى الحسن,Layla Al-Hassan,LAYLA@oasis.example,\n"
    "بلا بريد,No Mail,not-an-address,\n"
    ",Amal,amal@oasis.example,\n"
)


def test_an_organisation_comes_in_person_by_person_and_by_file(academy, person):
    """R35, R36: what the preview shows is what happens; a suspension ends the session at once; the trail has it all."""
    boss = person().sign_in(demo.ADMINISTRATOR)
    boss.open("/admin/organisations/new")
    form = Form(boss).fill_pair("name", COMPANY)
    form.find("select[name=kind]").select_option("partner")
    form.save().says(COMPANY[0]).check()
    form.press_and_arrive("a[href$='/units/new']")
    form.fill_pair("name", ("مركز الاتصال", "Contact centre")).save().says("مركز الاتصال")

    fields = {
        "name-ar": "أمل الدوسري",
        "name-en": "Amal Al-Dosari",
        "email": "Amal@Oasis.example",
        "mobile": "0551234567",
    }
    guest_page = People(boss).add(COMPANY[0], fields)
    guest_page.says(arabic("The person is added, and the invitation is on its way.")).check()
    guest_address = boss.path
    academy.work()
    letter = Letters(boss).newest_to(GUEST, "دعوت")
    letter.says("أمل").check()

    guest = person()
    choosing = NewPassword.of(guest, letter.link).says("أمل").check()
    choosing.choose("قصيرة")
    expect(choosing.find("#password-error")).to_be_visible()
    choosing.choose(PASSWORD)
    guest.page.wait_for_url(re.compile(r"/$"))
    Home(guest).says(arabic("Welcome to the academy")).check()
    NewPassword.of(person(), letter.link).says(arabic("This link no longer works"))

    boss.open("/admin/people/import")
    upload = Form(boss)
    upload.find("select[name=organisation_id]").select_option(label=COMPANY[0])
    upload.find("input[type=file]").set_input_files(
        {"name": "موظفون.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    upload.press_and_arrive("form button.btn-primary")
    fates = upload.check().find("tbody tr > :nth-child(3)").all_inner_texts()
    assert [fate.strip() for fate in fates] == [
        arabic(fate) for fate in ("Will be added", "Will be added", "Refused", "Refused", "Will be changed")
    ]
    upload.press_and_arrive("form[action$='/apply'] button.btn-primary")
    boss.open("/admin/people?q=oasis.example")
    upload.says("خالد الشمري", "ليلى الحسن", "أمل الدوسري").check()
    assert upload.find("tbody tr").count() == 3

    suspension = People(boss)
    boss.open(guest_address)
    suspension.act(arabic("Suspend"))
    suspension.fill("reason", "انتهى العقد").save().says(arabic("Suspended"))
    guest.open("/my-courses")
    assert guest.path.startswith("/sign-in")
    guest.page.fill("input[name=email]", GUEST)
    guest.page.fill("input[name=password]", PASSWORD)
    guest.press("main form button[type=submit]")
    expect(guest.page.locator("#password-error")).to_be_visible()

    boss.open("/admin/audit?q=" + "أمل")
    trail = Form(boss).check().words
    for act in ("Invitation sent", "Invitation accepted", "Person suspended"):
        assert arabic(act) in trail, act
    boss.open("/admin/audit")
    assert COMPANY[0] in Form(boss).words
