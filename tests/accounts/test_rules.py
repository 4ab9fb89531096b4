"""Which passwords are refused and why, what a browser is called, how long one waits."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.accounts import rules
from academy.accounts.services import passwords

ME = ("سارة الغامدي", "Sara Alghamdi", "sara.alghamdi@agency.example", "أكاديمية تجربة العميل", "CX Academy")


def weak(password: str) -> str | None:
    return rules.weakness(rules.normalised(password), listed=passwords._listed(), personal=ME)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "short"),
        ("fourteen chars", "short"),
        ("x" * 257, "long"),
        ("passwordpassword", "common"),
        ("Password12345678", "common"),
        ("P@ssw0rd!P@ssw0rd!", "common"),
        ("qwertyuiop12345", "common"),
        ("Welcome2026!!!!!", "common"),
        ("iloveyou iloveyou", "common"),
        ("مرحبا مرحبا مرحبا", "common"),
        ("كلمةالسر١٢٣٤٥٦٧", "common"),
        ("السعودية2030 2030", "common"),
        ("aaaaaaaaaaaaaaaaaa", "pattern"),
        ("123456789012345", "common"),
        ("ababababababababab", "pattern"),
        ("               ", "pattern"),
        ("abcdefghijklmnopqrstuvwxyz", "pattern"),
        ("ضصثقفغعهخحجد ضصثقفغعهخحجد", "pattern"),
        ("Sara Alghamdi 2026", "personal"),
        ("sara.alghamdi@agency", "personal"),
        ("سارة الغامدي سارة الغامدي", "personal"),
        ("cx academy cx academy", "personal"),
    ],
)
def test_a_password_that_would_be_guessed_is_refused_for_its_reason(password, reason):
    """trust.md 3.3; ASVS 6.2.4, 6.2.12"""
    assert weak(password) == reason


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "نهر هادئ يعبر المدينة القديمة",
        "mountain river garden forest 9",
        "قهوتي الصباحية بلا سكر",
        "x7Qp!mv29Lz&kkd",
        "👨‍👩‍👧‍👦 نذهب إلى البحر معا",
        "fifteen letters",
        "وادي الذئاب في الليلة الماطرة",
        "a" * 5 + "the quick onion jumped over sixty lazy zebras" + "b" * 200,
    ],
)
def test_a_long_password_of_any_letters_is_welcome(password):
    """ASVS 6.2.1, 6.2.5, 6.2.8, 6.2.9"""
    assert weak(password) is None


def test_the_same_arabic_text_from_two_keyboards_is_one_password():
    text = "آمالٌ كبيرةٌ وأحلامٌ"
    assert unicodedata.normalize("NFD", text) != text
    assert rules.normalised(unicodedata.normalize("NFD", text)) == rules.normalised(text)


@given(st.text(max_size=300))
def test_any_text_can_be_judged(text):
    assert weak(text) in {None, "short", "long", "common", "personal", "pattern"}


def test_the_list_of_common_passwords_is_long_and_tidy():
    words = passwords.COMMON.read_text("utf-8").split("\n")[:-1]
    assert len(words) >= 1000 and len(set(words)) == len(words)
    assert all(word == word.strip().casefold() and len(word) >= 4 for word in words)


def test_waiting_ends_when_the_oldest_counted_try_leaves_the_window():
    at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    limit = rules.Limit(3, timedelta(minutes=15))
    tries = [at - timedelta(minutes=n) for n in (1, 5, 12)]
    assert rules.wait(tries[:2], limit, at) == timedelta(0)
    assert rules.wait(tries, limit, at) == timedelta(minutes=3)
    assert rules.wait(tries, limit, at + timedelta(minutes=4)) == timedelta(0)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36",
            ("Chrome", "Windows"),
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", ("Edge", "Windows")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S921B) SamsungBrowser/26.0 Chrome/122.0 Safari/537.36",
            ("Samsung Internet", "Android"),
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", ("Firefox", "Linux")),
        ("curl/8.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_is_called_by_its_name(header, words):
    assert rules.browser_words(header) == words
