"""What can be said of manifests without a cluster: our own policies, the CRDs' schemas, Knative's own types."""
