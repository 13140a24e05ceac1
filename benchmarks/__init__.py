"""Measurements: what the parts of Tra Cứu reach on real documents."""
