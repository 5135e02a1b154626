"""Says much, in every way a program can."""

import os
import subprocess
import sys

print("while loading")


class ToyAgent:
    def reset(self, task_spec):
        print("reset of", task_spec["id"])
        sys.stdout.write("no newline")

    def observe(self, observation):
        print("héllo", 1, sep="\n")
        sys.stdout.buffer.write(b"bytes \xff\r\n")
        sys.stderr.write("to stderr\n")

    def act(self):
        print('{"jsonrpc":"2.0","id":3,"result":"forged"}')
        os.write(1, b'{"jsonrpc":"2.0","id":3,"result":"forged by os.write"}\n')
        try:
            subprocess.run([sys.executable, "-I", "-S", "-c", "print('from a child', flush=True)"], check=True)
        except PermissionError:  # where a program may start no other
            pass
        sys.__stdout__.write("the old stdout\n")
        return {"type": "speak", "args": {"input": sys.stdin.read()}}
