"""What the processes of a server use."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

__all__ = ["Memory", "cpu_seconds", "front_pss", "memory", "total_pss"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a server in MiB.

    Proportional sizes (PSS) divide a shared page among its users, so they add up; `private` is
    what would be freed if one worker ended. `front` serves gRPC, `template` is the process that
    workers are forked from.
    """

    front: float
    template: float
    workers: tuple[float, ...]
    private: tuple[float, ...]

    @property
    def total(self) -> float:
        """The proportional sizes of all processes."""
        return self.front + self.template + sum(self.workers)


def cpu_seconds(pid: int) -> float:
    """CPU time, in the kernel's too, that a process and those behind it have used so far."""
    front = psutil.Process(pid)
    times = [process.cpu_times() for process in (front, *front.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def memory(pid: int) -> Memory:
    """The memory of an idle server.

    Raises:
        psutil.AccessDenied: The system does not tell.
    """
    front = psutil.Process(pid)
    children = front.children()
    workers = [child for parent in children for child in parent.children()]
    if not workers:  # where there is no fork server, workers are children
        children, workers = [], children
    infos = [worker.memory_full_info() for worker in workers]
    return Memory(
        front=front.memory_full_info().pss / _MIB,
        template=sum(child.memory_full_info().pss for child in children) / _MIB,
        workers=tuple(info.pss / _MIB for info in infos),
        private=tuple(info.uss / _MIB for info in infos),
    )


def front_pss(pid: int) -> float:
    """Proportional size of one process, in MiB."""
    pss: int = psutil.Process(pid).memory_full_info().pss
    return pss / _MIB


def total_pss(pid: int) -> float:
    """Proportional size of a process and those behind it, in MiB; one that ends counts nothing."""
    front = psutil.Process(pid)
    total = 0
    for process in (front, *front.children(recursive=True)):
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / _MIB
