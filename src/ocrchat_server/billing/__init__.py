"""Know the plans and what a page costs."""
