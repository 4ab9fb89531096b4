"""Opening every page of a reader in both languages, light and dark, and at both widths, and what is wrong with any of them."""

from collections import Counter, defaultdict
from urllib.parse import urlsplit

from tests.journeys.addresses import PAGES, endpoint_of
from tests.journeys.visitor import NARROW, WIDE, Visitor
from tests.seeded import SEEDED_AT
from tests.turns import ALL

SAMPLES = 3
SCHEMES = {"ar": "light", "en": "dark"}  # every kind of page is seen in both
OTHERS = ("https://www.linkedin.com/profile/add?",)  # where the holder of a certificate may carry it
_followed: dict[tuple, Counter[str | None]] = defaultdict(Counter)  # by the academy and the account, in all its states
LINKS = "[...document.querySelectorAll('a[href]')].map((a) => a.href.split('#')[0])"


def faults_of(who: str, academy, pages: dict[str, list[str]], person) -> list[str]:
    """Return what is wrong with any page of a reader."""
    account, _make = PAGES[who]
    visitor = person(WIDE)
    if account is not None:
        visitor.sign_in(account)
    faults, links = [], set()
    by_languages = by_language(who, academy.app, pages)
    for language in sorted(by_languages, key=lambda each: each != visitor.language):
        visitor.page.emulate_media(color_scheme=SCHEMES[language])
        visitor.open("/verify" if account is None else "/account").speak(language)
        for path in by_languages[language]:
            visitor.open(path)
            faults += [f"{path} ({language}): {fault}" for fault in look(visitor)]
            links |= set(visitor.page.evaluate(LINKS))
        visitor.page.set_viewport_size(WIDE)
    links -= {academy.url + path for path in pages[who]}
    opened = {endpoint_of(academy.app, urlsplit(path).path) for path in pages[who]}
    followed = _followed[academy.url, account and account.email]
    return faults + dead_links(visitor, academy, links, opened, followed)


def by_language(who: str, app, pages: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what a reader opens in each language: every kind of page in both.

    One that was opened before, by this reader in another state or by a reader before them, is opened by turns in one.
    """
    kinds = {path: endpoint_of(app, urlsplit(path).path) for reader in pages for path in pages[reader]}
    before = list(pages)[: list(pages).index(who)]
    seen, again = {kinds[path] for reader in before for path in pages[reader]}, []
    for path in pages[who]:
        if kinds[path] in seen:
            again.append(path)
        seen.add(kinds[path])
    return {
        language: [path for path in pages[who] if path not in again[other::2]]
        for other, language in enumerate(("ar", "en"))
    }


def look(visitor: Visitor) -> list[str]:
    """Return what is wrong with the page on a wide screen and on a phone.

    Every other page is opened on the phone first, and the screen changes once a page.
    """
    if visitor.page.viewport_size == NARROW:
        faults = visitor.too_wide()
        visitor.page.set_viewport_size(WIDE)
        return faults + visitor.faults()
    faults = visitor.faults()
    visitor.page.set_viewport_size(NARROW)
    return faults + visitor.too_wide()


def dead_links(
    visitor: Visitor, academy, links: set[str], opened: set[str | None], followed: Counter[str | None]
) -> list[str]:
    """Return the links that lead nowhere; of each kind of page a few are followed, or one more where some were opened."""
    faults = []
    for address in sorted(link.replace(SEEDED_AT, academy.url) for link in links):
        if not address.startswith(academy.url):
            if not address.startswith(("mailto:", "tel:", *OTHERS)):
                faults.append(f"leads out of the academy: {address}")
            continue
        endpoint = endpoint_of(academy.app, urlsplit(address).path)
        followed[endpoint] += 1
        if followed[endpoint] > (1 if endpoint in opened and not ALL else SAMPLES):
            continue
        status = visitor.page.request.get(address).status
        if status >= 400:
            faults.append(f"a link to {address} is answered with {status}")
    return faults
