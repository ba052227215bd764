"""The manifests that the runtime understands, field by field. Whatever is not here is refused."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from knative.local.delivery import Policy, seconds_of

Strings = dict[str, str]


def unsupported(field: str, why: str) -> PydanticCustomError:
    """Return the error that names a field of the part being validated."""
    return PydanticCustomError("unsupported", "{why}", {"field": field, "why": why})


class Strict(BaseModel):
    """A part of a manifest, camelCase outside. `INERT` names what a cluster needs and one machine has no use for."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)
    INERT: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _ignores_nothing_that_matters(cls, given: Any) -> Any:
        known = {str(field.alias) for field in cls.model_fields.values()} | cls.INERT
        if isinstance(given, dict) and (strange := [str(name) for name in given if name not in known]):
            raise unsupported(strange[0], f"not supported here; supported are {', '.join(sorted(known))}")
        return {k: v for k, v in given.items() if k not in cls.INERT} if isinstance(given, dict) else given


def _without_references(text: str) -> str:
    if "$(" in text:
        raise ValueError("references to other variables, $(NAME), are not supported here")
    return text


Duration = Annotated[float, BeforeValidator(seconds_of)]
Value = Annotated[str, AfterValidator(_without_references)]


class Metadata(Strict):
    """Labels and foreign annotations are for people and tools; knative.dev's own change what a cluster does."""

    INERT = frozenset({"labels"})
    name: str = ""
    namespace: str = ""
    annotations: Strings = {}

    def check(self, known: Mapping[str, str]) -> None:
        """Refuse an annotation of knative.dev that is not `known`, or whose value its pattern does not match."""
        for name, value in self.annotations.items():
            if name.partition("/")[0].endswith("knative.dev") and not re.fullmatch(known.get(name, "(?!)"), value):
                supported = known.get(name) or ", ".join(known) or "none"
                raise unsupported(f"metadata.annotations.{name}", f"{value!r} is not supported here; {supported} is")


class Ref(Strict):
    api_version: str = ""
    kind: str
    name: str
    namespace: str = ""


class Addressable(Strict):
    """Something events can be sent to; `uri` is a path below it."""

    ref: Ref
    uri: str = Field(default="", pattern=r"^(/.*)?$")


class Delivery(Strict):
    retry: int = Field(default=0, ge=0)
    backoff_policy: Literal["linear", "exponential"] = "exponential"
    backoff_delay: Duration = 0.0
    timeout: Duration = 600.0
    dead_letter_sink: Addressable | None = None

    def policy(self) -> Policy:
        """Return the numbers. As measured on the data plane, `retry` without `backoffDelay` retries nothing."""
        retries = self.retry if self.backoff_delay else 0
        return Policy(retries, self.backoff_policy, self.backoff_delay, self.timeout)


class FilterSpec(Strict):
    exact: Strings | None = None
    prefix: Strings | None = None
    suffix: Strings | None = None
    all: list[FilterSpec] | None = None
    any: list[FilterSpec] | None = None
    not_: FilterSpec | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one_dialect(self) -> FilterSpec:
        if len(self.model_fields_set) != 1:
            raise ValueError("a filter has exactly one of exact, prefix, suffix, all, any, not")
        return self


class Source(Strict):
    """A ConfigMap or Secret, or one key of it."""

    INERT = frozenset({"defaultMode"})
    name: str
    key: str = ""
    optional: bool = False


class SecretVolume(Source):
    name: str = Field(alias="secretName")


class EnvVar(Strict):
    name: str
    value: Value = ""
    value_from: dict[Literal["configMapKeyRef", "secretKeyRef"], Source] = Field(default={}, max_length=1)


class EnvFrom(Strict):
    prefix: str = ""
    secret_ref: Source | None = None
    config_map_ref: Source | None = None


class Probe(Strict):
    """Times are in seconds. Without `httpGet` a connection is enough. A process has one port, $PORT."""

    INERT = frozenset({"tcpSocket", "successThreshold"})
    http_get: dict[Literal["path", "port"], str | int] | None = None
    initial_delay_seconds: int = 0
    period_seconds: int = 10
    timeout_seconds: int = 1
    failure_threshold: int = 3


class Volume(Strict):
    name: str
    secret: SecretVolume | None = None
    config_map: Source | None = None
    empty_dir: dict[Literal["medium", "sizeLimit"], Any] | None = None


class Container(Strict):
    INERT = frozenset({"image", "imagePullPolicy", "name", "ports", "resources", "securityContext"})
    command: list[Value] = Field(min_length=1)
    args: list[Value] = []
    env: list[EnvVar] = []
    env_from: list[EnvFrom] = []
    readiness_probe: Probe = Probe()
    liveness_probe: Probe | None = None
    volume_mounts: list[dict[Literal["name", "mountPath", "readOnly"], Any]] = []


class Revision(Strict):
    INERT = frozenset(
        {"automountServiceAccountToken", "enableServiceLinks", "imagePullSecrets", "nodeSelector", "runtimeClassName"}
        | {"securityContext", "serviceAccountName", "tolerations", "topologySpreadConstraints"}
    )
    container_concurrency: int = Field(default=0, ge=0, le=1000)
    timeout_seconds: int = Field(default=300, ge=1)
    response_start_timeout_seconds: int = 300
    containers: list[Container] = Field(min_length=1, max_length=1)
    volumes: list[Volume] = []


SCALE = "autoscaling.knative.dev/"
SCALE_NUMBERS = ("min-scale", "max-scale", "initial-scale", "target", "target-utilization-percentage")
SCALE_TIMES = ("window", "scale-down-delay", "scale-to-zero-pod-retention-period")
SCALE_KNOWN = {SCALE + name: r"\d+" for name in SCALE_NUMBERS} | {SCALE + name: r"(\d+[hms])+" for name in SCALE_TIMES}


class Template(Strict):
    metadata: Metadata = Metadata()
    spec: Revision

    @model_validator(mode="after")
    def _annotations_are_understood(self) -> Template:
        self.metadata.check(SCALE_KNOWN)
        return self

    def number(self, name: str) -> int:
        """Return an autoscaling annotation, 0 where there is none."""
        return int(self.metadata.annotations.get(SCALE + name, 0))

    def seconds(self, name: str, default: str = "0s") -> float:
        """Return an autoscaling annotation such as 1m30s."""
        return seconds_of("PT" + self.metadata.annotations.get(SCALE + name, default).upper())


class BrokerSpec(Strict):
    config: Ref | None = None
    delivery: Delivery = Delivery()


class TriggerSpec(Strict):
    broker: str
    filter: dict[Literal["attributes"], Strings] = {}
    filters: list[FilterSpec] = []
    subscriber: Addressable
    delivery: Delivery | None = None


class KafkaSourceSpec(Strict):
    INERT = frozenset({"bootstrapServers", "consumers"})
    topics: list[str] = Field(min_length=1)
    consumer_group: str = ""
    initial_offset: Literal["earliest", "latest"] = "latest"
    ordering: Literal["unordered"]
    # What a source that says nothing about delivery gets.
    delivery: Delivery = Delivery.model_validate({"retry": 10, "backoffDelay": "PT0.3S"})
    ce_overrides: dict[Literal["extensions"], Strings] = {}
    sink: Addressable


class KafkaSinkSpec(Strict):
    INERT = frozenset({"bootstrapServers"})
    topic: str
    content_mode: Literal["binary", "structured"] = "binary"
    num_partitions: int = 1
    replication_factor: int = 1


class Manifest(Strict):
    """`ANNOTATIONS` maps the annotations of knative.dev that are understood to the values they may have."""

    ANNOTATIONS: ClassVar[Mapping[str, str]] = {}
    api_version: str
    kind: str
    metadata: Metadata

    @model_validator(mode="after")
    def _is_named_and_annotated_well(self) -> Manifest:
        if not self.metadata.name:
            raise unsupported("metadata.name", "missing")
        self.metadata.check(self.ANNOTATIONS)
        return self


class ConfigMap(Manifest):
    INERT = frozenset({"immutable"})
    data: Strings = {}


class Secret(Manifest):
    INERT = frozenset({"immutable", "type"})
    data: Strings = {}
    string_data: Strings = {}

    @field_validator("data")
    @classmethod
    def _decoded(cls, data: Strings) -> Strings:
        return {name: base64.b64decode(value, validate=True).decode() for name, value in data.items()}


class Service(Manifest):
    spec: dict[Literal["template"], Template] = Field(min_length=1)


class Broker(Manifest):
    ANNOTATIONS = {"eventing.knative.dev/broker.class": "Kafka"}
    spec: BrokerSpec = BrokerSpec()


class Trigger(Manifest):
    ANNOTATIONS = {"kafka.eventing.knative.dev/delivery.order": "unordered"}
    spec: TriggerSpec


class KafkaSource(Manifest):
    spec: KafkaSourceSpec


class KafkaSink(Manifest):
    spec: KafkaSinkSpec


class Nothing(Manifest):
    """A kind that changes nothing on one machine."""

    INERT = frozenset({"spec"})


KINDS: dict[tuple[str, str], type[Manifest]] = {
    **dict.fromkeys((("v1", "Namespace"), ("networking.k8s.io/v1", "NetworkPolicy")), Nothing),
    ("v1", "ConfigMap"): ConfigMap,
    ("v1", "Secret"): Secret,
    ("serving.knative.dev/v1", "Service"): Service,
    ("eventing.knative.dev/v1", "Broker"): Broker,
    ("eventing.knative.dev/v1", "Trigger"): Trigger,
    ("eventing.knative.dev/v1alpha1", "KafkaSink"): KafkaSink,
    **{(f"eventing.knative.dev/v1beta{number}", "EventType"): Nothing for number in (2, 3)},
    **{(f"sources.knative.dev/{version}", "KafkaSource"): KafkaSource for version in ("v1", "v1beta1")},
}
