"""The documentation; ``python -m docs.generator`` (``make docs``) writes the parts of it that the code knows better."""
