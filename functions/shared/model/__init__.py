"""The language model: asked within bounds, replaceable, and never needed."""
