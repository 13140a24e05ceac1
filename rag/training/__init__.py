"""How the weights that ship were learnt; nothing here is needed to answer."""
