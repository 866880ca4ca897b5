"""The worker of tier 3: one process, run once, from files to files."""
