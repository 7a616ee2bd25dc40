"""The command line: what an administrator, a content owner or an integrator runs."""
