"""What people type, what is meant by it, and how much of it is understood."""
