"""A small client of Marionette, the door through which Mozilla's programs are driven: length, colon, JSON."""

import json
import socket
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

SECONDS = 60


@dataclass(slots=True)
class Marionette:
    """One connection to a program that was started with `--marionette`."""

    connection: socket.socket
    numbers: count = field(default_factory=lambda: count(1))

    @classmethod
    def at(cls, port: int) -> Self:
        """Raises OSError while nobody listens there."""
        client = cls(socket.create_connection(("127.0.0.1", port), timeout=SECONDS))
        client._receive()  # it says hello first
        return client

    def command(self, name: str, **parameters: object) -> Any:
        """What the program answers. Raises RuntimeError with its own words."""
        number = next(self.numbers)
        packet = json.dumps([0, number, name, parameters]).encode()
        self.connection.sendall(b"%d:%b" % (len(packet), packet))
        _, answered, error, result = self._receive()
        assert answered == number
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}\n{error['stacktrace']}")
        return result

    def run(self, script: str, *arguments: object) -> Any:
        """What an async function with this body gives, run with the program's own rights."""
        answer = self.command("WebDriver:ExecuteAsyncScript", script=_awaited(script), args=list(arguments))["value"]
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def _receive(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._read(1)
        return json.loads(self._read(int(length[:-1])))

    def _read(self, size: int) -> bytes:
        read = b""
        while len(read) < size:
            piece = self.connection.recv(size - len(read))
            if not piece:
                raise ConnectionError("the program has gone")
            read += piece
        return read


def _awaited(script: str) -> str:
    return f"""
        const done = arguments[arguments.length - 1];
        const given = Array.prototype.slice.call(arguments, 0, -1);
        (async function () {{ {script} }}).apply(null, given).then(
            (value) => done({{ value }}), (error) => done({{ error: String(error) + "\\n" + error?.stack }}));
    """
