"""What happens by itself, and when: the clock, and the sender of the outbox."""
