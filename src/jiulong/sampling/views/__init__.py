"""Pages of sampling."""
