// The operators whose CRDs lie in their modules. Nothing here is built.
module learnflow/knative/check/operators

go 1.25.0

require (
	github.com/cloudnative-pg/cloudnative-pg v1.28.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
)
