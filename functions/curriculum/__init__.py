"""The curriculum: topics and lessons as data (`topics/`, `planned.yaml`) and the code that reads them."""
