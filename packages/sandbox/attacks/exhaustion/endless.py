class Agent:
    def reset(self, task):
        pass

    def observe(self, observation):
        pass

    def act(self):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                continue
