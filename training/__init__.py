"""Teaches the sentence model what people at work need; nothing of this runs in the product."""
