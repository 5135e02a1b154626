"""The line protocol, kept apart from whatever the program prints."""

import io
import json
import os
import sys
import threading

from .values import printable

MAX_LOG_LINE = 64 * 1024


def to_text(value):
    """The JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class CallRefused(Exception):
    """The referee refused a call; the message is its code."""


class Wire:
    """JSON-RPC over private copies of stdin and stdout, so that nothing the program prints can reach the wire.

    Descriptor 1 then leads to stderr and descriptor 0 to nothing; `sys.stdout` and `sys.stderr` become log lines.
    """

    def __init__(self):
        self._lock = threading.RLock()
        self._calls = 0
        self._answering = False
        self._requests = os.fdopen(os.dup(0), "rb")
        self._out = os.dup(1)
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)
        self._streams = [_LogStream(self, 1), _LogStream(self, 2)]
        sys.stdout = sys.__stdout__ = self._streams[0].as_text()
        sys.stderr = sys.__stderr__ = self._streams[1].as_text()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._detach)

    def next_request(self):
        """The referee's next request, None when it hung up."""
        line = self._requests.readline()
        if not line:
            return None
        self._answering = True
        return json.loads(line)

    def answer(self, request_id, name, text):
        """Ends the outstanding request with `result` or `error`, given as JSON; what was printed and not ended by a newline goes first."""
        with self._lock:
            for stream in self._streams:
                stream.end_line()
            _write_all(self._out, f'{{"jsonrpc":"2.0","id":{to_text(request_id)},"{name}":{text}}}\n'.encode())
            self._answering = False

    def call(self, method, params):
        """Asks the referee, and waits. Raises CallRefused with its message."""
        with self._lock:
            self._calls += 1
            call_id = f"c{self._calls}"
            self._send({"id": call_id, "method": "call", "params": {"method": method, "params": params}})
            answer = json.loads(self._requests.readline() or "null")
        if not isinstance(answer, dict) or answer.get("id") != call_id:
            raise ConnectionError(f"the referee did not answer the call of {method}")
        if "error" in answer:
            raise CallRefused(answer["error"]["message"])
        return answer["result"]

    def log(self, line, descriptor):
        """Sends one line to the log. Outside a request the wire belongs to the referee, so it goes to stderr."""
        with self._lock:
            if self._answering:
                self._send({"method": "log", "params": {"line": line}})
            else:
                _write_all(descriptor, f"{line}\n".encode())

    def _send(self, message):
        _write_all(self._out, to_text({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def _detach(self):
        """A forked child is another program: it prints, but has no part in the protocol."""
        self._lock = threading.RLock()
        self._answering = False
        os.dup2(2, self._out, inheritable=False)
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), self._requests.fileno(), inheritable=False)


class _LogStream(io.RawIOBase):
    """What stands behind `sys.stdout` and `sys.stderr`: cuts what is written into lines for the log."""

    def __init__(self, wire, descriptor):
        self._wire = wire
        self._descriptor = descriptor
        self._pending = b""

    def as_text(self):
        return io.TextIOWrapper(self, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)

    def writable(self):
        return True

    def fileno(self):
        return self._descriptor

    def write(self, data):
        taken = bytes(data)
        *lines, rest = (self._pending + taken).split(b"\n")
        while len(rest) > MAX_LOG_LINE:
            lines.append(rest[:MAX_LOG_LINE])
            rest = rest[MAX_LOG_LINE:]
        self._pending = rest
        for line in lines:
            self._log(line)
        return len(taken)

    def end_line(self):
        if self._pending:
            line, self._pending = self._pending, b""
            self._log(line)

    def _log(self, line):
        text = line.removesuffix(b"\r").decode("utf-8", "backslashreplace")
        for start in range(0, len(text) or 1, MAX_LOG_LINE):
            self._wire.log(printable(text[start : start + MAX_LOG_LINE], MAX_LOG_LINE), self._descriptor)


def _write_all(descriptor, data):
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
