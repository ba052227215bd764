"""Pages, or parts of them, that are generated from what the code, the manifests and the tables say."""
