"""Known answers on this machine: whether the program is as it was released, and works where it is installed."""
