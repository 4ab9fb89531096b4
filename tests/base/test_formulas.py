"""I18N: formulas in Arabic text are found, to be kept from left to right; what only looks like one is left alone."""

import re
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from academy.base import markdown
from academy.base.formulas import formulas
from academy.base.markdown import render
from academy.base.text import LocalizedText, figure
from academy.web.filters import text

ANY = st.text(alphabet="0123٤٥ .,:/-–−+±×÷=√()²%٪<>ainو عن*_`[]\n\u2066\u2069", max_size=60)
NUMBERS = st.integers(0, 99_999).map(lambda number: f"{number:,}") | st.integers(0, 99).map(
    lambda number: str(number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
)


def found(line):
    return [line[start:end] for start, end in formulas(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("عدد بين −100 و+100 وليست نسبة", ["−100", "+100"]),
        ("40 منتقدًا. (110 − 40) ÷ 200 = +35.", ["(110 − 40) ÷ 200 = +35"]),
        ("الأولوية 1 ← (١٥ + ٣) ÷ ١ = ١٨ لا غير", ["(١٥ + ٣) ÷ ١ = ١٨"]),
        ("(75 − 66) − (74 − 70) = 9 − 4 = 5 نقاط.", ["(75 − 66) − (74 − 70) = 9 − 4 = 5"]),
        ("الهامش = 1.96 × √( (م + ق − (م − ق)²) ÷ ع ) × 100", ["1.96 × √( (م + ق − (م − ق)²) ÷ ع ) × 100"]),
        ("أي 80% ± 3.9 نقطة، وهامش ±5 نقاط", ["80% ± 3.9", "±5"]),
        ("الخطوة 1. 1/3 + 1/4 = 7/12", ["1/3 + 1/4 = 7/12"]),
        ("أ- 5 + 3 = 8", ["5 + 3 = 8"]),
        ("من -5 إلى 5", ["-5"]),
        ("اتصل على +966 51 234 5678 الآن", ["+966 51 234 5678"]),
        (f"احسب {figure('5')} − {figure('−3')} الآن", [f"{figure('5')} − {figure('−3')}"]),
    ],
)
def test_formulas_are_found_whole(line, expected):
    assert found(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "في 2026-11-30 من 7-10 أو 7 - 10 أو 7–10 على مدار 24/7",
        "نسبة 85% و٨٥٪ وأكثر من 20+ دولة في 14:05",
        "هاتف 051 234 5678 و966-51-234-5678",
        "الأولوية = (الأثر × الانتشار + 3 × العدالة) ÷ الكلفة",
        "ع = 384 ÷ (1 + 383 ÷ المجتمع)؛",
        "السعداء ÷ المجموع × 100",
        "العدد = 100 والمعيار ISO-9001 وC++ 11",
        "برنامج Windows 10 + Office",
        "الناتج NPS = 110 − 40",
        "الجزء أ + ب",
    ],
)
def test_what_is_no_formula_and_what_is_said_in_words_stays(line):
    assert not found(line)


@given(ANY)
def test_what_is_found_lies_apart_and_holds_a_number(line):
    spans = formulas(line)
    assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    for start, end in spans:
        piece = line[start:end]
        assert piece == piece.strip() and any(char.isdigit() for char in piece)
        assert piece.count("(") == piece.count(")")


@given(NUMBERS, NUMBERS, st.sampled_from("−+×÷=±"), st.sampled_from(["", " "]))
def test_two_numbers_and_a_sign_are_a_formula_in_any_digits(one, other, sign, room):
    formula = f"{one}{room}{sign}{room}{other}"
    assert found(f"الناتج {formula} فقط") == [formula]


@given(NUMBERS, NUMBERS, st.sampled_from(["-", "–", "/", " - ", " إلى ", "، ", "%، "]))
def test_ranges_fractions_and_lists_are_none(one, other, between):
    assert not found(f"الأرقام {one}{between}{other} فقط")


@given(ANY)
def test_markdown_says_the_same_words_with_formulas_isolated(line):
    html = render(f"نص {line}")
    arabic = BeautifulSoup(html, "html.parser")
    for isolated in arabic.select("bdi, bdo"):
        assert isolated["dir"] == "ltr" and not isolated.select("p, li, bdi, bdo")
        isolated.unwrap()
    without = re.sub('<bd[io] dir="ltr">|</bd[io]>', "", html)
    with patch.object(markdown, "formulas", lambda _words: ()):
        assert markdown._render(f"نص {line}", 1, "") == without


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("مثال (4 − 1) ÷ 2 = **+1.5**.", '<bdi dir="ltr">(4 − 1) ÷ 2 = <strong>+1.5</strong></bdi>.'),
        ("مثال **225 ÷ 300** = 75%", '<bdi dir="ltr"><strong>225 ÷ 300</strong> = 75%</bdi>'),
        ("مثال **من 225 ÷ 300** = 75%", "<strong>من 225 ÷ 300</strong> = 75%"),
        ("الهامش = 2 × √(1 − ن)", 'الهامش = <bdo dir="ltr">2 × √(1 − ن)</bdo>'),
        ("الرمز `3 + 4` وحده", '<code dir="ltr">3 + 4</code>'),
    ],
)
def test_emphasis_within_a_formula_stays_within_it(source, expected):
    assert expected in render(source)


def test_a_plain_text_isolates_its_formulas_and_escapes_the_rest(app):
    with app.test_request_context():
        assert str(text(LocalizedText(ar="<ب> −5"))) == '&lt;ب&gt; <bdi dir="ltr">−5</bdi>'
        assert text(LocalizedText(ar="من 7-10")) == "من 7-10"
        assert "bdi" not in text(LocalizedText(en="From −5 to 3 + 4"))
