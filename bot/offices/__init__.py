"""The offices that one service has: each with its documents, its people, its bots and its address."""
