"""`make run`: what cannot begin says so in one line, before anything is written."""

import socket

import pytest

from academy import launch


@pytest.mark.parametrize("given", ["http", "-1", "0", "65536", ""])
def test_what_is_no_port_is_refused(given, monkeypatch, tmp_path):
    monkeypatch.setenv("PORT", given)
    monkeypatch.setenv("ACADEMY_DATA", str(tmp_path / "new"))
    with pytest.raises(SystemExit, match="is no port"):
        launch.main()
    assert not (tmp_path / "new").exists()


def test_a_port_that_somebody_listens_at_is_refused(monkeypatch, tmp_path):
    """Whoever answers there would be taken for the academy that is starting."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        monkeypatch.setenv("ACADEMY_DATA", str(tmp_path / "new"))
        with pytest.raises(SystemExit, match=f"Port {port} is taken"):
            launch.main()
    assert not (tmp_path / "new").exists()


def test_a_database_that_cannot_be_read_is_told_with_its_reason(monkeypatch, tmp_path):
    (tmp_path / "academy.sqlite3").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("ACADEMY_DATA", str(tmp_path))
    monkeypatch.setenv("ACADEMY_MODE", "demo")
    monkeypatch.setenv("ACADEMY_DATABASE_URL", f"sqlite:///{tmp_path}/academy.sqlite3")
    with pytest.raises(SystemExit, match="(?s)not a database.*could not be brought up to date"):
        launch.migrate()
