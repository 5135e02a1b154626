"""The loop that answers the referee's requests, one at a time."""

import os

from .ambient import replace_ambient
from .loading import NothingFound, describe_error
from .values import NotJson, printable, require_json
from .wire import Wire, to_text

PROTOCOL = "tracecore-agent-protocol-v1"
FAILED = -32000
NOT_JSON = -32001
NOTHING_FOUND = -32002
UNKNOWN_METHOD = -32601


def serve_program(role, target):
    """Answers until `shutdown` or the end of stdin. Never returns: the process ends without running exit handlers."""
    if role == "agent":
        from .agent import AgentProgram as Program
    else:
        from .task import TaskProgram as Program
    wire = Wire()
    program = Program(target, wire)
    clock = None

    def initialize(params):
        nonlocal clock
        clock = replace_ambient(int(params["seed_random"]), params["virtual_now_ms"])
        program.workspace.put_on_path()
        return {"protocol": PROTOCOL, "name": program.load(), "language": "python"}

    methods = {**program.methods, "initialize": initialize, "shutdown": lambda _: None}
    while True:
        request = wire.next_request()
        if request is None:
            os._exit(0)
        method, params = request["method"], request.get("params") or {}
        if clock is not None:
            clock.begin(method, params)
        try:
            wire.answer(request["id"], *_answer(program, methods, method, params))
        except OSError:  # the referee is gone, and with it whoever could be told
            os._exit(1)
        if method == "shutdown":
            os._exit(0)


def _answer(program, methods, method, params):
    """`result` or `error`, and its JSON: what a thread does to the value afterwards comes too late."""
    handler = methods.get(method)
    if handler is None:
        return _error(UNKNOWN_METHOD, f"unknown method: {method}")
    try:
        result = handler(params)
        require_json(result)
        return "result", to_text(result)
    except NotJson as error:
        message = f"{method} returned what JSON cannot hold: {error}"
        return _error(NOT_JSON, message, {"pointer": printable(error.pointer), "reason": error.reason})
    except NothingFound as error:
        return _error(NOTHING_FOUND, str(error), _place(error.location))
    except BaseException as error:  # SystemExit and KeyboardInterrupt are the program's too
        return _error(FAILED, describe_error(error), _place(program.workspace.locate(error)))


def _place(location):
    return {"location": printable(location)} if location else None


def _error(code, message, data=None):
    error = {"code": code, "message": printable(message)}
    if data:
        error["data"] = data
    return "error", to_text(error)
