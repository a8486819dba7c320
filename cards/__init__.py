"""Adaptive Cards: values in, card JSON out. Words for people live here and in `dialogs`."""
