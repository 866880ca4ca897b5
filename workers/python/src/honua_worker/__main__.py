"""`python -m honua_worker` is `honua-worker`."""

from honua_worker.cli import main

raise SystemExit(main())
