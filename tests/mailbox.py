"""A mail server of our own that remembers every message and can be as difficult as a real one."""

import asyncio
import email
import threading
from collections import Counter
from collections.abc import Iterator
from email.message import Message

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from portal.servers.process import free_port


class Mailbox:
    """An SMTP server on loopback.

    `answer` decides what becomes of the next messages: None accepts them, a text such as "451 later" refuses
    them; `stall` keeps the sender waiting that many seconds first; `refuse_only` names whom a refusal is for.
    `unknown` are addresses that do not exist: they are refused before the message is sent. `hang_up_on` are
    addresses whose first message is taken and never answered: the line is cut. `pace` are the seconds between
    one message and the next. `tries` counts how often each address was named.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.recipients: list[str] = []
        self.answer: str | None = None
        self.refuse_only: set[str] = set()
        self.unknown: set[str] = set()
        self.hang_up_on: set[str] = set()
        self.tries: Counter[str] = Counter()
        self.stall = 0.0
        self.pace = 0.0
        self.turn = asyncio.Lock()
        self.lock = threading.Lock()
        self.port = free_port()
        self.controller: Controller | None = None

    @property
    def url(self) -> str:
        """The address as EMAIL_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID has arrived."""
        with self.lock:
            return Counter(str(message["Message-ID"]) for message in self.messages)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tries[address] += 1
        if address in self.unknown:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 known"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.stall:
            await asyncio.sleep(self.stall)
        if self.pace:
            async with self.turn:
                await asyncio.sleep(self.pace)
        refused = not self.refuse_only or self.refuse_only & set(envelope.rcpt_tos)
        if self.answer and refused:
            return self.answer
        with self.lock:
            self.messages.append(email.message_from_bytes(envelope.content or b""))
            self.recipients += envelope.rcpt_tos
        if self.hang_up_on & set(envelope.rcpt_tos):
            self.hang_up_on -= set(envelope.rcpt_tos)
            server.transport.abort()
        return "250 taken"

    def start(self) -> None:
        """Open the port; a stopped mailbox may be opened again with what it has."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        """Close the port: the next sender is refused at the door."""
        if self.controller:
            self.controller.stop(no_assert=True)
        self.controller = None


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A running mail server; point EMAIL_HOST and EMAIL_PORT at it."""
    mailbox = Mailbox()
    mailbox.start()
    yield mailbox
    mailbox.stop()
