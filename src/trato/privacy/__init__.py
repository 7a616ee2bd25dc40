"""What somebody may ask of us about their own data: a copy of it, and that it be erased."""
