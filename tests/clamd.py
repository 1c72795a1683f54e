"""A scanner of our own on a free port: clamd's INSTREAM protocol, clean, infected, stalling or dying."""

import socket
import struct
import threading
from types import TracebackType
from typing import Self

EICAR = "Eicar-Test-Signature"


class Clamd:
    """Answer every stream as `mood` says: clean, infected, stall, die, babble; keep what was sent."""

    def __init__(self, mood: str = "clean", path: str = "") -> None:
        self.mood = mood
        self.seen: list[bytes] = []
        self.closing = threading.Event()
        if path:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.bind(path)
            self.socket.listen()
            self.url = f"unix://{path}"
        else:
            self.socket = socket.create_server(("127.0.0.1", 0))
            self.url = f"tcp://127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()

    def _serve(self) -> None:
        while not self.closing.is_set():
            try:
                line, _address = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line:
            if self.mood != "die":
                self._listen_and_answer(line)

    def _listen_and_answer(self, line: socket.socket) -> None:
        with line.makefile("rb") as given:
            assert given.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!L", given.read(4))[0]:
                content += given.read(length)
        self.seen.append(content)
        if self.mood == "stall":
            self.closing.wait(1)
            return
        answers = {"clean": "stream: OK", "infected": f"stream: {EICAR} FOUND", "babble": "what?"}
        line.sendall(answers[self.mood].encode() + b"\0")
