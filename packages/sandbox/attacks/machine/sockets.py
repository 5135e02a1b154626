import socket

from report import Report

PORT = int("__PORT__")


def tcp(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.settimeout(1)
        door.connect(address)
        door.sendall(b"hit")
    return "connected"


def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        return door.sendto(b"hit", ("127.0.0.1", PORT))


def raw():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as door:
        return f"raw socket {door.fileno()}"


class Agent(Report):
    attempts = [
        lambda: tcp(socket.AF_INET, ("127.0.0.1", PORT)),
        lambda: tcp(socket.AF_UNIX, "__SOCKET__"),
        lambda: tcp(socket.AF_UNIX, "\0__ABSTRACT__"),
        udp,
        raw,
    ]
