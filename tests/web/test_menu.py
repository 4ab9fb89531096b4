"""The menus keep to one line: when much is open to somebody, what is only their own moves to the menu of their name."""

from tests.factories import accounts as make


def addresses(page, chosen):
    return [link["href"] for link in page.select(chosen)]


def test_a_learner_finds_everything_in_the_bar(visit):
    page = visit(make.person()).get("/")
    assert {"/my-courses", "/certificates"} <= set(addresses(page, ".mainnav li:not(.yields) a"))
    assert not page.select(".menu-list a.only-wide")


def test_a_full_bar_yields_what_is_only_ones_own_to_the_menu(visit):
    page = visit(make.administrator()).get("/")
    assert addresses(page, ".mainnav li.yields a") == ["/my-courses", "/certificates"]
    kept = addresses(page, ".mainnav li:not(.yields) a")
    assert len(kept) <= 7 and kept[-1] == "/admin/"
    on_wide = set(addresses(page, ".menu-list > a:not(.only-narrow)"))
    on_narrow = set(addresses(page, ".menu-list > a:not(.only-wide)"))
    assert {"/my-courses", "/certificates", "/account"} <= on_wide
    assert on_narrow >= set(addresses(page, ".mainnav li:nth-child(n+6) a"))
