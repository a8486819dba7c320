"""Journeys in the chat window, driven by a browser."""
