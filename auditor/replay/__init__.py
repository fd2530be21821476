"""What really happened: the client's log files replayed over each account's filters, and counted."""
