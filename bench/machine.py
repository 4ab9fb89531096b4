"""Processor time and memory of processes, read from /proc, and a line about the machine."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> dict[int, float]:
    """Return user and system time of each process so far; of those that still run."""
    return {pid: spent for pid in pids if (spent := _of_process(pid)) is not None}


def _of_process(pid: int) -> float | None:
    """Sum the threads' own clocks (nanoseconds); where the kernel keeps none, the process's clock (hundredths)."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        nanoseconds = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)
        if nanoseconds:
            return nanoseconds / 1e9
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """Return the seconds that lie between two readings; a process that came in between counts whole."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def memory(pid: int) -> tuple[float, float]:
    """Return the megabytes (of 1,000,000 bytes) that a process holds: its resident set, and its share of it (PSS)."""
    sizes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value = line.split(":")
        sizes[name] = int(value.split()[0]) * 1024 / 1e6
    return sizes["Rss"], sizes["Pss"]


def described() -> str:
    """Return the processor, how many, the system, and how busy it is at the moment."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {model}, Linux {platform.release()}, Python {platform.python_version()}, load {load:.1f}"
    )
