"""Conversations: what is answered to what people say, over one turn or several."""
