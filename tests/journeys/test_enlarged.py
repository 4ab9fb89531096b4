"""Whoever has letters enlarged to twice their size reads lists without scrolling the page sideways."""

import pytest
from playwright.sync_api import expect

from academy.devdata import accounts as demo

pytestmark = [pytest.mark.browser, pytest.mark.appearance]
LISTS = [
    (demo.ADMINISTRATOR, ["/admin/certificates", "/admin/people", "/admin/audit"]),
    (demo.TRAINER, ["/teach/cx-foundations/roster"]),
    (demo.MANAGER, ["/team", "the first person"]),
]


@pytest.mark.parametrize(("who", "paths"), LISTS, ids=lambda given: getattr(given, "key", None))
def test_a_table_makes_way_for_large_letters(who, paths, academy, person):
    visitor = person().sign_in(who)
    for path in paths:
        if path == "the first person":
            visitor.press("#follow-up tbody th a")
            visitor.page.wait_for_url("**/team/people/*")
        else:
            visitor.open(path)
        assert not visitor.too_wide()
        visitor.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
        assert not visitor.too_wide(), path


def test_certificates_make_way_for_large_letters(academy, person):
    """Picture and facts of a certificate stand below each other once there is no room beside: no word is cut into letters."""
    visitor = person(viewport={"width": 1000, "height": 900}).sign_in(demo.EMPLOYEE)
    visitor.open("/certificates")
    visitor.page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    assert not visitor.too_wide()
    picture, facts = (visitor.page.locator(part).first.bounding_box() for part in (".paper-picture", ".paper-body"))
    assert facts["y"] >= picture["y"] + picture["height"] - 1 and facts["width"] > 600


@pytest.mark.parametrize("language", ["ar", "en"])
def test_six_columns_fit_a_small_desk(language, academy, person):
    """Lists beside the navigation of the administration, at about the width of a tablet on its side."""
    visitor = person(viewport={"width": 1000, "height": 900}).sign_in(demo.ADMINISTRATOR)
    visitor.open("/admin/partners")
    if language == "en":
        visitor.page.get_by_role("button", name="English").first.click()
        expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    for path in ("/admin/partners", "/admin/certificates", "/admin/late"):
        visitor.open(path)
        for width in (1100, 1000, 940):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            assert not visitor.too_wide(), (path, width)
