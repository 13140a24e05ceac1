"""What Telegram and Zalo share: a mailbox that loses nothing, and everything that is said in a chat, whatever carries it."""
