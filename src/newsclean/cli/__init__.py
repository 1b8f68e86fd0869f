"""The command `newsclean`; each sub-command loads what it needs when it runs."""
