"""A library on several machines: each searches its shard of it, whoever asks puts together what they find."""
