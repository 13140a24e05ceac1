"""The admin page, ``/quan-tri``."""
