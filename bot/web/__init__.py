"""The web channel: the page, the admin page, the API and the widget, one FastAPI application (``tracuu serve``)."""
