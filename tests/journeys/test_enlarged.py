"""Whoever has letters enlarged to twice their size reads lists without scrolling the page sideways."""

import pytest

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
