from tests.factories import accounts as people


def test_health(browser, app):
    assert browser.client.get("/health/ready").get_json() == {"status": "ready"}


def test_person(app):
    assert people.person().id
