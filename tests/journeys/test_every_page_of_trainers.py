"""Every page of those who write and mark, as test_every_page opens the others: a file of its own, so that both run side by side."""

import pytest

from tests.journeys.addresses import addresses
from tests.journeys.looking import faults_of
from tests.journeys.test_every_page import TRAINERS

pytestmark = [pytest.mark.browser, pytest.mark.appearance, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def pages(academy) -> dict[str, list[str]]:
    """The addresses of every page by who opens them."""
    return addresses(academy.app, TRAINERS)


@pytest.mark.parametrize("who", TRAINERS)
def test_every_page_is_accessible_in_both_languages_and_at_both_widths(who, academy, pages, person):
    assert not (faults := faults_of(who, academy, pages, person)), "\n".join(faults)
