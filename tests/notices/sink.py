"""A real mail server on the loopback, which can be told to refuse."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller


class Sink:
    """Keeps every letter it takes; refuses with the codes it was given, one after the other."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.raw: list[bytes] = []
        self.refusals: list[str] = []
        self.closed = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        """Take a recipient, or say why there is none."""
        if self.closed:
            return self.closed
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server, session, envelope) -> str:
        """Take a letter, or refuse it."""
        if self.refusals:
            return self.refusals.pop(0)
        self.raw.append(envelope.original_content or envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        self.letters.append(message_from_bytes(self.raw[-1], policy=default))
        return "250 taken"


class AnyPort(Controller):
    """A mail server on whichever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def sink(app) -> Iterator[Sink]:
    """A running mail server that the academy hands its letters to."""
    handler = Sink()
    controller = AnyPort(handler, hostname="127.0.0.1", port=0)
    controller.start()
    before = app.extensions["settings"]
    given = {"mail_host": "127.0.0.1", "mail_port": controller.port, "mail_from": "academy@agency.test"}
    app.extensions["settings"] = before.model_copy(update=given)
    try:
        yield handler
    finally:
        app.extensions["settings"] = before
        controller.stop()
