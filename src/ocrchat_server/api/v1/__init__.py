"""Version 1 of the API: OCR.chat's own contract, and what we add to it."""
