"""A letter as mail: headers, plain text and HTML, and a pack as an attached ZIP file.

Belongs here: the form. No text of an extract gets into a header but the company's name, and no line
end into any; lines are quoted-printable, so that every server takes them.
"""

from __future__ import annotations

import textwrap
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from pipelines.delivery.mail.letters import Letter
from pipelines.delivery.mail.message import Message
from pipelines.delivery.mail.sealed_reports import Files
from pipelines.delivery.mail.words import Words
from pipelines.reports.look.formats import visible
from pipelines.reports.look.templates import render_page
from pipelines.reports.packs.zip_format import ends, record
from pipelines.reports.packs.zip_writing import lay_out

WIDTH = 72
LONGEST_HEADER = 200


def write_mail(
    message: Message, letter: Letter, words: Words, sender: tuple[str, str], at: datetime,
    pack: Files | None = None,
) -> bytes:  # fmt: skip
    """A message's bytes, as a server is handed them.

    In: the sender's name and address, the time it is sent, a pack's files where they go with it.
    """
    assert message.address is not None
    name, address = sender
    is_plain = f"{message.address}{address}".isascii()
    mail = EmailMessage(policy=SMTP if is_plain else SMTPUTF8)
    mail["From"] = _address(address, name)
    mail["To"] = _address(message.address)
    mail["Subject"] = header_text(letter.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain_text(letter), cte="quoted-printable")
    page = render_page("mail.html", letter=letter, lang=words.tag)
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    if pack is not None:
        packed = zip_files({f"{message.recipient}/{path}": data for path, data in pack.items()})
        file = f"{message.month}-{message.recipient}.zip"
        mail.add_attachment(packed, "application", "zip", filename=file)
    mail["Content-Language"] = words.tag  # making parts would move it into one of them
    return mail.as_bytes()


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(header_text(name), local, domain)


def header_text(text: str) -> str:
    """A text for a header: one line of printable characters that is not too long."""
    told = visible(" ".join(text.split()))
    return told if len(told) <= LONGEST_HEADER else f"{told[: LONGEST_HEADER - 1]}…"


def plain_text(letter: Letter) -> str:
    """A letter for who reads no HTML."""
    points = [_wrap(point, "- ") for point in letter.points]
    link = [f"{letter.link[0]}\n{letter.link[1]}"] if letter.link else []
    again = [_wrap(letter.again)] if letter.again else []
    parts = [*again, _wrap(letter.lead), "\n".join(points), *link, *map(_wrap, letter.more),
             f"-- \n{_wrap(letter.footer)}"]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _wrap(text: str, mark: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def zip_files(files: Files) -> bytes:
    """Files as a ZIP file with the same bytes on every machine."""
    piece = lay_out(sorted(files.items(), key=lambda file: file[0].encode()))
    directory = b"".join(map(record, piece.entries))
    end = ends(len(files), piece.length, len(directory))
    return b"".join([*piece.parts, directory, end])
