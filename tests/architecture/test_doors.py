"""Every door shows its line of the permission table, and addresses are promises."""

from pathlib import Path

from academy.base.access import TABLE

ADDRESSES = Path(__file__).with_name("addresses.txt")


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_page_declares_who_may_open_it(the_app):
    silent = [name for name, view in the_app.view_functions.items() if not hasattr(view, "access")]
    assert not silent, f"add @requires(…) or @public to {silent}"


def test_every_declared_permission_is_in_the_table_and_has_a_sentence(the_app):
    for name, view in the_app.view_functions.items():
        assert view.access == "public" or view.access in TABLE, name
    for permission in TABLE.values():
        assert permission.name.count(":") == 2, f"{permission.name} is not slice:thing:verb"
        assert permission.sentence.endswith("."), f"{permission.name}: say it in a sentence"


def test_no_address_appears_or_disappears_unnoticed(the_app):
    now = sorted(
        f"{'|'.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'}))} {rule.rule}" for rule in rules(the_app)
    )
    promised = ADDRESSES.read_text().splitlines()
    gone, new = sorted(set(promised) - set(now)), sorted(set(now) - set(promised))
    assert not gone, (
        f"these addresses were promised: {gone}; redirect them, or take them out of {ADDRESSES.name} on purpose"
    )
    assert not new, f"promise the new addresses in {ADDRESSES.name}: {new}"


def test_addresses_that_change_something_are_not_opened_by_get(the_app):
    verbs = ("enrol", "submit", "publish", "delete", "remove", "suspend", "remind", "withdraw", "revoke")
    for rule in rules(the_app):
        last = rule.rule.rstrip("/").rsplit("/", 1)[-1]
        if last in verbs:
            assert "GET" not in (rule.methods or set()) or "POST" in (rule.methods or set()), rule.rule
