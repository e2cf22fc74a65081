"""Know who asks: accounts and their API tokens."""
