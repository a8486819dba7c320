"""What people can do: load, ask the rules, save; one unit of work each."""
