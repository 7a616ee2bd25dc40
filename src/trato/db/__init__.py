"""Engine, embedded server, jobs, migrations."""
