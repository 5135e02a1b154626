import ctypes
import os

from report import Report

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x00020000
PTRACE_ATTACH, PR_SET_DUMPABLE = 16, 4
# By number, for both tables: keyctl, bpf, perf_event_open, userfaultfd, io_uring_setup, open_by_handle_at, init_module.
NUMBERS = {"x86_64": (250, 321, 298, 323, 425, 304, 175), "aarch64": (219, 280, 241, 282, 425, 265, 105)}


def said(name, value):
    return f"{name} allowed" if value >= 0 else f"{name} refused"


def widen():
    libc.prctl(PR_SET_DUMPABLE, 1)
    return [
        said("unshare", libc.unshare(CLONE_NEWUSER | CLONE_NEWNS)),
        said("mount", libc.mount(b"none", b"/tmp", b"tmpfs", 0, None)),
        said("ptrace", libc.ptrace(PTRACE_ATTACH, os.getppid(), 0, 0)),
        said("chroot", libc.chroot(b"/tmp")),
        said("setns", libc.setns(0, 0)),
        said("pivot_root", libc.syscall(155 if os.uname().machine == "x86_64" else 41, b"/", b"/")),
    ]


def by_number():
    empty = ctypes.create_string_buffer(256)
    return [said(f"call {number}", libc.syscall(number, 0, empty, 0, 0, 0)) for number in NUMBERS[os.uname().machine]]


class Agent(Report):
    attempts = [widen, by_number, lambda: said("mknod", libc.mknod(b"disk", 0o60600, 0x0800)), lambda: os.setuid(0) or "root inside"]
