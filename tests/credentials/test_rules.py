"""A certificate's state, its last day, and the facts stored with it."""

from calendar import monthrange
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.credentials.rules import CertificateFacts, CertificateState, expiry, state_at

ISSUED = date(2026, 11, 23)
LAST = date(2027, 11, 23)
REVOKED = datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
FACTS = CertificateFacts(
    number="7KQ2M-9XD4T",
    academy_ar="أكاديمية تجربة العميل",
    academy_en="CX Academy",
    holder_name_ar="نورة العتيبي",
    holder_name_en="Noura Al-Otaibi",
    title_ar="قياس التجربة",
    title_en="Measuring experience",
    hours=Decimal("12.50"),
    issued_on=ISSUED,
    expires_on=LAST,
    verify_url="https://academy.example/verify/7KQ2M9XD4T",
)


@pytest.mark.parametrize(
    ("expires_on", "revoked_at", "today", "state"),
    [
        (LAST, None, ISSUED, CertificateState.VALID),
        (LAST, None, LAST, CertificateState.VALID),
        (LAST, None, date(2027, 11, 24), CertificateState.EXPIRED),
        (None, None, date(2099, 1, 1), CertificateState.VALID),
        (LAST, REVOKED, date(2027, 2, 1), CertificateState.REVOKED),
        (LAST, REVOKED, date(2030, 1, 1), CertificateState.REVOKED),
        (None, REVOKED, ISSUED, CertificateState.REVOKED),
        (date(2026, 11, 22), None, date(2026, 1, 1), CertificateState.EXPIRED),
    ],
)
def test_a_stranger_learns_whether_a_certificate_holds(expires_on, revoked_at, today, state):
    assert state_at(ISSUED, expires_on, revoked_at, today=today) is state


@pytest.mark.parametrize(
    ("issued_on", "months", "last"),
    [
        (ISSUED, None, None),
        (ISSUED, 24, date(2028, 11, 23)),
        (ISSUED, 1, date(2026, 12, 23)),
        (ISSUED, 2, date(2027, 1, 23)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_the_last_day_is_counted_in_calendar_months(issued_on, months, last):
    assert expiry(issued_on, months) == last


@given(st.dates(date(1950, 1, 1), date(2200, 12, 31)), st.integers(1, 600))
def test_the_last_day_is_the_same_day_or_the_end_of_its_month(issued_on, months):
    last = expiry(issued_on, months)
    assert (last.year * 12 + last.month) - (issued_on.year * 12 + issued_on.month) == months
    assert last.day == min(issued_on.day, monthrange(last.year, last.month)[1])
    assert issued_on < last <= expiry(issued_on, months + 1)


@pytest.mark.parametrize("months", [0, -1, 12 * 9000])
def test_a_period_that_ends_at_once_or_beyond_the_calendar_is_refused(months):
    with pytest.raises(ValueError):
        expiry(ISSUED, months)


@given(
    st.builds(
        replace,
        st.just(FACTS),
        number=st.text(min_size=1).filter(str.strip),
        holder_name_ar=st.text(),
        title_en=st.text(),
        hours=st.none() | st.decimals(0, 5000, places=2),
        issued_on=st.dates(),
        expires_on=st.none() | st.dates(),
    )
)
def test_facts_come_back_as_they_were_stored(facts):
    stored = facts.as_json()
    assert all(value is None or type(value) is str for value in stored.values())
    assert CertificateFacts.from_json(stored) == facts


def test_facts_stored_before_a_field_existed_or_after_it_went_are_still_read():
    stored = FACTS.as_json()
    del stored["signer_role_en"]
    assert CertificateFacts.from_json(stored | {"seal": "gold"}) == FACTS


@pytest.mark.parametrize(
    "spoilt",
    [
        {"holder_name_ar": " ", "holder_name_en": ""},
        {"title_ar": "", "title_en": ""},
        {"number": ""},
        {"verify_url": None},
        {"issued_on": None},
        {"issued_on": "yesterday"},
        {"hours": "many"},
        {"hours": "NaN"},
        {"hours": "-1"},
    ],
)
def test_facts_about_nobody_or_nothing_are_refused(spoilt):
    with pytest.raises(ValueError):
        CertificateFacts.from_json(FACTS.as_json() | spoilt)
    with pytest.raises(ValueError):
        CertificateFacts.from_json({"number": "1"})


def test_the_facts_have_no_place_for_an_identity_number_or_the_mode_of_study():
    assert {field.name for field in fields(CertificateFacts)} == {
        *(
            "number",
            "verify_url",
            "hours",
            "issued_on",
            "expires_on",
            "imported_on",
            "former_number",
            "replaced_number",
        ),
        *(
            f"{fact}_{language}"
            for fact in (
                "academy",
                "holder_name",
                "title",
                "kind",
                "issuer",
                "signer_name",
                "signer_role",
                "former_issuer",
            )
            for language in ("ar", "en")
        ),
    }


def test_a_suspension_holds_only_while_the_certificate_would_be_valid():
    """Suspended is said of what would count otherwise; expired and revoked outweigh it."""
    said = [
        state_at(ISSUED, LAST, revoked, today=today, held=True)
        for revoked, today in ((None, LAST), (None, date(2099, 1, 1)), (REVOKED, LAST))
    ]
    assert said == [CertificateState.HELD, CertificateState.EXPIRED, CertificateState.REVOKED]
