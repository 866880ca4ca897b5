"""moto's server, with a clock that is quick: queues ask for the time of every message in every call."""

import time

from moto.core import utils

slow = utils.unix_time
utils.unix_time = lambda dt=None: time.time() if dt is None else slow(dt)

from moto.server import main  # noqa: E402 -- what it imports takes the clock by its name

main()
