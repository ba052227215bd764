"""not-yet-here: says so where a capability is not built yet; each trigger goes when its function comes."""
