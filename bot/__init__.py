"""The people's side of Tra Cứu: a folder for each channel, ``tracuu`` on the command line (``bot.cli``), settings. Nothing imports it."""
