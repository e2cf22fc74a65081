"""What a launcher and its zygote say to each other.

For each child the launcher sends one byte with three descriptors: the child's socket, its leash, the
file. The leash is how both learn of an end: the launcher shuts its end down to have the child killed,
the zygote writes the child's wait status to it.
"""

from __future__ import annotations

import struct

SPAWN = b"+"
DESCRIPTORS = 3

STATUS = struct.Struct("=i")
"""A wait status on a leash."""
