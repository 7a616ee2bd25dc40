"""The customers' side: the widget's API and pages."""
