def validate(env):
    return {"ok": env.get_agent_output("answer", "") == env.get_hidden_state("answer")}
