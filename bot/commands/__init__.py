"""The verbs of ``tracuu``, a module for each subject; ``bot/cli.py`` mounts them."""
