"""What an operator runs: one command, one file."""
