"""The Model Context Protocol: what programs with a language model of their own may call; over HTTP and on standard input and output."""
