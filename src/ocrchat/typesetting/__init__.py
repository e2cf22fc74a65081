"""Make pages of text layers in processes of their own, many at a time."""

from ocrchat.typesetting.pool import Typesetters
from ocrchat.typesetting.sheet import Set, Sheet, set_page

__all__ = ["Set", "Sheet", "Typesetters", "set_page"]
