"""Keep jobs: a document to read, its pages, and who reads them."""
