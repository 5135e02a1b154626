"""The `env` that a Python task works on. Files, outputs and network live with the referee, hidden state lives here."""

import os

from .values import NotJson, require_json
from .wire import CallRefused


class SandboxViolation(RuntimeError):
    """The task touched what its manifest does not list. The referee has taken note: the episode is over."""


class TaskEnv:
    def __init__(self, wire):
        self._wire = wire
        self._hidden = {}
        self._written = set()

    def list_dir(self, path):
        """Full paths of the direct children, sorted."""
        return self._call("world.list_dir", path=_absolute(path))

    def read_file(self, path):
        """The content; KeyError with the path when there is no such file."""
        return self._call("world.read_file", path=_absolute(path))

    def exists(self, path):
        """Whether a file is there; a folder alone does not count."""
        place = _absolute(path)
        self._call("world.exists", path=place)
        return _collapse(place) in self._written

    def write_file(self, path, content):
        place = _absolute(path)
        self._call("world.write_file", path=place, content=content)
        self._written.add(_collapse(place))

    def require_network(self, host):
        """Raises SandboxViolation unless the manifest lists the host."""
        self._call("world.require_network", host=_trimmed(host))

    def network_guard(self):
        return NetworkGuard(self._call)

    def set_hidden_state(self, key, value):
        self._hidden[key] = value

    def get_hidden_state(self, key, default=None):
        return self._hidden.get(key, default)

    def set_agent_output(self, key, value):
        self._call("world.set_output", key=key, value=value)

    def get_agent_output(self, key, default=None):
        return self._call("world.get_output", key=key).get("value", default)

    def mark_seen(self, paths):
        """Adds paths to what the agent sees in `visible_state`."""
        self._call("world.mark_seen", paths=[_absolute(path) for path in paths])

    def visible_state(self):
        return self._call("world.visible_state")

    def _call(self, method, **params):
        name = method.removeprefix("world.")
        try:
            require_json(params)
        except NotJson as error:
            raise TypeError(f"{name}: {error}") from None
        try:
            return self._wire.call(method, params)
        except CallRefused as refusal:
            raise _as_python(name, str(refusal), params) from None


class NetworkGuard:
    """Asks about hosts without an entry in the audit; a refused `check` or `inspect` still ends the episode."""

    def __init__(self, call):
        self._call = call

    def allowed(self, host):
        return self._call("world.is_host_allowed", host=_trimmed(host))

    def inspect(self, host):
        """(host, scheme or None, port or None) of an address; only http, https and their ports exist."""
        address = self._call("world.inspect_host", host=_trimmed(host))
        if address is None:
            self._refuse(host)
        return address["host"], address["scheme"], address["port"]

    def check(self, host):
        """The bare host, when it is allowed."""
        name, _scheme, _port = self.inspect(host)
        if not self.allowed(host):
            self._refuse(host)
        return name

    def _refuse(self, host):
        self._call("world.require_network", host=_trimmed(host))
        raise SandboxViolation(f"sandbox_violation: network access to {host} is not allowed")


def _as_python(name, refusal, params):
    if refusal.startswith("sandbox_violation"):
        return SandboxViolation(refusal)
    if refusal == "file_not_found":
        return KeyError(_collapse(params["path"]))
    if refusal.startswith("invalid_params"):
        return TypeError(f"{name}: {refusal}")
    return RuntimeError(f"{name}: {refusal}")


def _absolute(path):
    """A task may leave out the first slash."""
    if isinstance(path, os.PathLike):
        path = os.fspath(path)
    return path if not isinstance(path, str) or not path or path.startswith("/") else f"/{path}"


def _collapse(path):
    return "/" + "/".join(part for part in path.split("/") if part not in ("", "."))


def _trimmed(host):
    return host.strip() if isinstance(host, str) else host
