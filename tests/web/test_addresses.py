"""The addresses of a list are those that would be built one by one."""

import pytest
from flask import url_for
from hypothesis import given
from hypothesis import strategies as st

from academy.web.addresses import addresses_of

VALUES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).filter(lambda text: "/" not in text)


@given(VALUES)
def test_an_address_of_a_list_is_the_address_by_itself(the_app, value):
    with the_app.test_request_context("/"):
        many = addresses_of("learning.activity", "activity_key", enrolment_id=7)
        assert many(value) == url_for("learning.activity", enrolment_id=7, activity_key=value)


def test_a_part_that_the_address_lacks_is_a_fault(the_app):
    with the_app.test_request_context("/"), pytest.raises(ValueError, match="enrolment_key"):
        addresses_of("home.start", "enrolment_key")
