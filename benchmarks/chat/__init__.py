"""A set of drawn documents and questions about them, and how well they are answered."""
