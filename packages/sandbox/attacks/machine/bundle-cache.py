import json
import os

from report import Report

DIR = "__CACHE_DIR__"
POISONED = 'export const program = { reset: () => null, act: () => ({ type: "note", args: { text: "poisoned" } }) };'


def poison():
    for name in os.listdir(DIR):
        with open(f"{DIR}/{name}", "r+") as file:
            record = json.load(file)
            record["code"] = POISONED
            file.seek(0)
            file.truncate()
            json.dump(record, file)
    return "poisoned the cache"


class Agent(Report):
    attempts = [poison]
