"""The job worker: claims due jobs until it is told to stop."""

import logging
import signal
import threading
from datetime import timedelta
from types import FrameType

from academy.base import clock, jobs

log = logging.getLogger("academy.worker")
IDLE_SECONDS = 0.5
PERIOD = timedelta(seconds=15)


def work(stop: threading.Event) -> None:
    """Run due jobs one after the other; look for periodic ones every quarter of a minute."""
    look_again = clock.now()
    while not stop.is_set():
        try:
            at = clock.now()
            if at >= look_again:
                jobs.queue_periodic(at)
                look_again = at + PERIOD
            job_id = jobs.claim(at)
            if job_id is None:
                stop.wait(IDLE_SECONDS)
            elif not jobs.run(job_id):
                log.warning("job %s failed; see the job list", job_id)
        except Exception:
            log.exception("the worker could not reach the database; it tries again")
            stop.wait(2)


def work_until_signalled() -> None:
    """Run until SIGTERM or SIGINT; the job at hand is finished first."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    work(stop)
