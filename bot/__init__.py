"""The Teams edge: which activity goes where, and how answers get back."""
