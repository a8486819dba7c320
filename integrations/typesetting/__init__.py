"""Documents drawn by Typst: its templates, and the small program that runs it by itself."""
