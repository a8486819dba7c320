"""What the services need from outside: a clock, storage, deliveries, the systems around us."""
