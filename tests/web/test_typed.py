"""I18N: what somebody typed in the other language is marked with it, so that a voice reads it as it is meant."""

import pytest

from academy.web.filters import breakable, typed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ملاحظة", "ملاحظة"),
        ("A note", '<span lang="en" dir="ltr">A note</span>'),
        ("<b>x</b> yes", '<span lang="en" dir="ltr">&lt;b&gt;x&lt;/b&gt; yes</span>'),
        ("12:30", "12:30"),
        ("", ""),
        (None, ""),
    ],
)
def test_what_was_typed_carries_its_language(app, value, shown):
    with app.test_request_context():
        assert str(typed(value)) == shown


def test_an_address_breaks_at_its_signs_and_is_escaped():
    assert str(breakable("a.b@c.example")) == "a.<wbr>b@<wbr>c.<wbr>example"
    assert "<i>" not in str(breakable("<i>@x"))
