"""Thin views: read the request, call a query or an action, show what came."""
