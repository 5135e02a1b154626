"""Reads the clue, then gives it as the answer."""


class Agent:
    def reset(self, task):
        self.seen = None

    def observe(self, observation):
        self.seen = observation["last_action_result"]

    def act(self):
        if not self.seen or "content" not in self.seen:
            return {"type": "look", "args": {"path": "/app/clue.txt"}}
        return {"type": "answer", "args": {"value": self.seen["content"]}}
