"""The worker of the cloud-batch tier: one command, one attempt, one result manifest."""
