"""LearnFlow's functions: each folder is one Knative Service; `shared` is what they have in common."""
