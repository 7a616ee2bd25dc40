"""Knowledge: articles in several languages with their drafts, versions, sections and files."""
