"""How the weights that ship were learnt, and how right the answers are; nothing here is needed to answer."""
