"""The organisers' desk: everything under /desk. Each file has one kind of page."""
