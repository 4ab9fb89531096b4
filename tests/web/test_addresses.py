"""The addresses of a list are those that would be built one by one."""

import pytest
from flask import url_for
from hypothesis import given
from hypothesis import strategies as st

from academy.web.addresses import address_of, addresses_of

VALUES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).filter(lambda text: "/" not in text)


@given(VALUES)
def test_an_address_of_a_list_is_the_address_by_itself(the_app, value):
    with the_app.test_request_context("/"):
        many = addresses_of("learning.activity", "activity_key", enrolment_id=7)
        assert many(value) == url_for("learning.activity", enrolment_id=7, activity_key=value)


def test_a_part_that_the_address_lacks_is_a_fault(the_app):
    with the_app.test_request_context("/"), pytest.raises(ValueError, match="enrolment_key"):
        addresses_of("home.start", "enrolment_key")


def test_an_address_that_is_kept_is_the_one_that_would_be_built(the_app):
    """Also where the academy is served from a folder of its host, and beside addresses that depend on the page at hand."""
    for root in ("", "/academy", ""):
        with the_app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            for endpoint in ("home.start", "learning.catalogue", "accounts.sign_in"):
                assert address_of(endpoint) == address_of(endpoint) == url_for(endpoint)
                assert address_of(endpoint).startswith(f"{root}/")
            assert address_of("learning.course", key="a b") == url_for("learning.course", key="a b")
    with the_app.test_request_context("/courses"):
        assert address_of(".mine") == url_for("learning.mine")
