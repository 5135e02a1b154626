import os
import time


class Agent:
    def reset(self, task):
        pass

    def observe(self, observation):
        pass

    def act(self):
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
        time.sleep(0.2)
        os._exit(0)
