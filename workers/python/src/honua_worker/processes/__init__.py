"""One module for each process. Its function `run` takes inputs and a context, and knows no file and no environment."""
