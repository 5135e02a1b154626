import os
import time


class Agent:
    def reset(self, task):
        pass

    def observe(self, observation):
        pass

    def act(self):
        for descriptor in range(3, 16):
            try:
                os.close(descriptor)
            except OSError:
                pass
        os.close(1)
        os.close(2)
        time.sleep(60)
