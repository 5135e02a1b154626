import os


class Agent:
    def reset(self, task):
        pass

    def observe(self, observation):
        pass

    def act(self):
        while True:
            os.write(2, b"x" * (1 << 20))
