"""Run decoders where they can do no harm: a zygote, its children and their lock."""
