"""The Telegram channel: ``app.py`` puts it together, ``mailbox.py`` loses nothing, one file for each thing people can do."""
