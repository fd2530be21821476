"""Known answers on this machine: whether the program is as it was released, and works where it is installed."""

from auditor.selftest.record import Qualification, qualify

__all__ = ["Qualification", "qualify"]
