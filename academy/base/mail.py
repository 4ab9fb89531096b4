"""Building one letter and handing it to the mail server. Only jobs call this."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from academy.base import clock
from academy.base.text import clean_line

TIMEOUT_SECONDS = 20
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Post:
    """Where letters are handed in. `host` None means: nowhere, keep them."""

    host: str | None
    port: int
    user: str | None
    password: str | None
    tls: str
    sender: str


class BadLetter(ValueError):
    """A letter that no mail server would take, as with an address that is none."""


def letter(
    *, to: str, name: str, subject: str, text: str, html: str | None, sender: tuple[str, str], message_id: str,
    stop: str = "",
) -> EmailMessage:  # fmt: skip
    """Build a letter. Line breaks in names, addresses and subjects never reach a header. Raises BadLetter.

    `stop` is the address that stops letters like it when it is opened, and at once when it is posted to (RFC 8058).
    """
    message = EmailMessage()
    message["Subject"] = _one_line(subject)
    message["From"] = _mailbox(*sender)
    message["To"] = _mailbox(name, to)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if stop:
        message["List-Unsubscribe"] = f"<{_one_line(stop)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def _one_line(text: str) -> str:
    """A header's text without line breaks and controls; the isolates around names stay."""
    return _BREAKS.sub(" ", text).strip()


def _mailbox(name: str, address: str) -> Address:
    try:
        mailbox = Address(display_name=clean_line(name), addr_spec=address)
        mailbox.addr_spec.encode("ascii")
    except (ValueError, IndexError, LookupError) as wrong:
        raise BadLetter(f"not an e-mail address: {address!r}") from wrong
    return mailbox


def hand_in(message: EmailMessage, post: Post) -> None:
    """Give a letter to the mail server. Raises OSError or smtplib.SMTPException when it does not take it."""
    if post.host is None:
        raise OSError("no mail server is set")
    context = ssl.create_default_context()
    if post.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(post.host, post.port, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(post.host, post.port, timeout=TIMEOUT_SECONDS)
    with server:
        if post.tls == "starttls":
            server.starttls(context=context)
        if post.user:
            server.login(post.user, post.password or "")
        server.send_message(message)
