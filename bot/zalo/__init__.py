"""Zalo: a bot of the Zalo Bot Platform, which lives by a token as Telegram's do."""
