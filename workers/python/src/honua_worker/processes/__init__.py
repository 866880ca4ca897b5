"""One module a process: `run(inputs, context)`, and nothing about files or the environment."""
