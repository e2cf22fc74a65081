"""Pure steps over pixels and the places in them."""
