"""Puts the larger parts together, and looks at them for `doctor`: one file each."""
