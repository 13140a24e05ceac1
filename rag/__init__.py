"""The heart of Tra Cứu: documents, search and answers. It knows no channel and no file format."""

import logging

logging.getLogger(__name__).addHandler(logging.NullHandler())  # where records go is for the programs to say
