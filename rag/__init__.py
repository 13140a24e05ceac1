"""The heart of Tra Cứu: documents, search and answers. It knows no channel and no file format."""
