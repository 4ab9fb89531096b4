"""Static files are cached for good, and survive the change from one release to the next."""

from academy.web.assets import asset_url, version


def test_an_asset_is_immutable_and_ours_alone(browser):
    response = browser.client.get(asset_url("css/base.css"))
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_page_of_the_release_before_still_finds_its_styles(browser):
    older = asset_url("css/base.css").replace(version(), "0" * 12)
    assert browser.client.get(older).status_code == 200


def test_no_way_leads_out_of_the_folder(browser):
    assert browser.client.get("/static/x/../../config.py").status_code == 404
    assert browser.client.get("/static/x/%2e%2e/%2e%2e/config.py").status_code == 404


def test_browsers_find_the_mark_beside_what_is_no_page(browser):
    """A file or an answer to a machine names no icon, so they look in the one place they know."""
    response = browser.client.get("/favicon.ico")
    assert (response.status_code, response.mimetype) == (200, "image/svg+xml")
