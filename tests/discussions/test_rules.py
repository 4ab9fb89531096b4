"""The rules of discussions, without a database (NO2)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from academy.discussions import rules

DAY = date(2026, 11, 23)
DAYS = st.dates(DAY - timedelta(days=400), DAY + timedelta(days=400))


@given(st.text(max_size=400), st.integers(1, 200))
def test_an_opening_is_never_longer_than_asked_and_begins_the_text(words, most):
    """NO2"""
    said = rules.opening(words, most)
    assert len(said) <= most + 1
    assert words.startswith(said.removesuffix("…")) or said == words


@given(st.text())
def test_every_text_has_a_language(text):
    """NO2"""
    assert rules.language_of(text) in ("ar", "en")


def test_the_language_is_that_of_most_letters():
    """NO2: mixed texts, digits and names of products do not turn an Arabic post into an English one."""
    assert rules.language_of("كيف أحسب NPS من 38 ردًا؟") == "ar"
    assert rules.language_of("We call it «رضا» here") == "en"


@given(st.sampled_from([rules.OPEN, rules.CLOSED, rules.OFF]), st.booleans(), st.booleans(), st.none() | DAYS)
def test_nobody_writes_where_it_is_closed_and_moderators_wherever_it_is_open(state, locked, moderates, until):
    """NO2"""
    writes = rules.is_open(state, locked=locked, moderates=moderates, stopped_until=until, today=DAY)
    if state != rules.OPEN:
        assert not writes
    elif moderates:
        assert writes
    else:
        assert writes == (not locked and (until is None or until < DAY))


@given(st.booleans())
def test_a_post_is_never_put_into_the_state_it_has(hidden):
    """NO2"""
    assert (rules.HIDDEN in rules.outcomes(hidden=hidden)) != hidden
    assert (rules.SHOWN in rules.outcomes(hidden=hidden)) == hidden


@given(st.integers(0, 9), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.booleans())
def test_what_was_written_after_one_last_looked_is_new_but_never_ones_own(created, thread, whole, own):
    """NO2"""
    new = rules.is_new(created, 1, 1 if own else 2, (thread, whole))
    assert new == (not own and created > max(thread if thread is not None else -1, whole if whole is not None else -1))


@given(st.text(max_size=40))
def test_only_tokens_that_we_write_are_tokens(typed):
    """NO2"""
    assert rules.is_token(typed) == (len(typed) == 32 and set(typed) <= set("0123456789abcdef"))
