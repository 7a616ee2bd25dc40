"""All that is set up, as one file: taken out, shown as changes, and brought in as if by hand."""
