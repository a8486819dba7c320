"""What people type, turned into commands. Pure: no I/O, no clock."""
