"""Every kind of page in both languages, every page as each of its readers: accessible, in one column on a phone, no complaint, no dead link."""

from urllib.parse import urlsplit

import pytest

from tests.journeys.addresses import PAGES, addresses, endpoint_of
from tests.journeys.looking import faults_of
from tests.journeys.not_pages import NOT_PAGES

TRAINERS = [who for who in PAGES if who.startswith("trainer")]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def pages(academy) -> dict[str, list[str]]:
    """The addresses of every page by who opens them, in an academy where all of them have something to show."""
    return addresses(academy.app)


@pytest.mark.appearance
def test_the_list_of_pages_is_complete(academy, pages):
    """API9: every address that answers a GET is on the list, or named with the reason why it is not."""
    answering = {rule.endpoint for rule in academy.app.url_map.iter_rules() if "GET" in rule.methods}
    listed = {endpoint_of(academy.app, urlsplit(path).path) for paths in pages.values() for path in paths}
    assert answering - listed == set(NOT_PAGES)


@pytest.mark.appearance
@pytest.mark.parametrize("who", [who for who in PAGES if who not in TRAINERS])
def test_every_page_is_accessible_in_both_languages_and_at_both_widths(who, academy, pages, person):
    assert not (faults := faults_of(who, academy, pages, person)), "\n".join(faults)
