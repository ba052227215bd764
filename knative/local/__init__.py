"""A development runtime for one machine that reads Knative manifests and keeps Knative's semantics over a log."""
