"""The runtime: reads manifests, wires brokers, sinks, sources and Services to a log, and serves them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web

from knative.local import schema
from knative.local.broker import BROKER_HOST, SINK_HOST, Dispatcher, Receiver, Route, Target, source_reader
from knative.local.events import from_record
from knative.local.filters import Matcher, compile_filters
from knative.local.http import Front, Handler
from knative.local.launch import launch_of
from knative.local.log import Initial, Log, MemoryLog, Topic
from knative.local.manifests import Key, ManifestError, load
from knative.local.services import Service

log = logging.getLogger(__name__)

REPOSITORY = Path(__file__).resolve().parents[2]
DRAIN_SECONDS = 3.0
ADDRESSABLE = ("Service", "KafkaSink", "Broker")
BROKER_CONFIG = {"bootstrap.servers", "default.topic.partitions", "default.topic.replication.factor"}
Group = tuple[Dispatcher, str, list[str], Initial]  # who delivers, group, topics, where the group begins


class Runtime:
    """Everything that a folder of manifests describes, running while the context is entered.

    `config` holds this machine's ConfigMaps and Secrets, `namespace` is that of manifests which name none. `log` is
    "memory", "kafka" or a Log, which may outlive the runtime; `bootstrap_servers` takes the place of what the manifests
    name. `publish` maps Services to ports of 127.0.0.1 (0: any). `root` is where commands run, `idle_seconds` takes the
    place of every idle window. Raises ManifestError; entering raises LogError, or OSError for a port in use.
    """

    def __init__(
        self,
        folder: Path,
        *,
        config: Path | None = None,
        namespace: str = "default",
        log: Log | str = "memory",
        bootstrap_servers: str = "",
        state: Path | None = None,
        port: int = 0,
        publish: Mapping[str, int] | None = None,
        root: Path = REPOSITORY,
        idle_seconds: float | None = None,
    ) -> None:
        self.manifests, self._ready = load(folder, config, namespace=namespace), False
        self.log = log if isinstance(log, Log) else self._new_log(log, bootstrap_servers)
        self._state, self._port, self._ports = state, port, dict(publish or {})
        self._root, self._idle_seconds = root, idle_seconds
        self._services: dict[Key, Service] = {}
        self._targets: dict[Key, Target] = {}
        self._routes: dict[str, dict[str, Route]] = {"Trigger": {}, "KafkaSource": {}}
        self._exit = AsyncExitStack()

    @classmethod
    def from_folder(cls, folder: Path, **options: Any) -> Self:
        """Return a runtime that is not running yet."""
        return cls(folder, **options)

    def _new_log(self, kind: str, bootstrap_servers: str) -> Log:
        if kind == "memory":
            return MemoryLog()
        from knative.local.kafka_log import KafkaLog  # the library takes a while, and memory does without

        configs = (self._broker_config(key) for key in self.manifests.of(schema.Broker))
        named = (config["bootstrap.servers"] for config in configs if "bootstrap.servers" in config)
        return KafkaLog(bootstrap_servers or next(named, "127.0.0.1:9092"))

    @property
    def url(self) -> str:
        """Where the brokers, all Services by Host, and /-/status answer."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def broker_url(self) -> str:
        """The ingress of the first broker."""
        _, namespace, name = next(iter(self.manifests.of(schema.Broker)))
        return f"{self.url}/{namespace}/{name}"

    def service_url(self, name: str) -> str:
        """Where a Service answers: its published port if it has one, else its Host on the common port."""
        _, namespace, _ = self._key_of(name)
        if name in self._ports:
            return f"http://127.0.0.1:{self._ports[name]}"
        return f"http://{name}.{namespace}.localhost:{self._port}"

    def status(self) -> dict[str, Any]:
        """Return what /-/status tells."""
        return {
            "ready": self._ready and all(service.is_ready for service in self._services.values()),
            "log": self.log.kind,
            "services": {service.name: service.status() for service in self._services.values()},
            "triggers": {name: route.counts for name, route in self._routes["Trigger"].items()},
            "sources": {name: route.counts for name, route in self._routes["KafkaSource"].items()},
        }

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._exit.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ready = False
        await self._exit.aclose()

    async def _start(self) -> None:
        http = aiohttp.ClientSession(
            # A process keeps connections open for longer than this, so that none ends as a request is sent on it.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        await self._exit.enter_async_context(http)
        front = Front(http, self.status)
        listening: dict[socket.socket, Handler] = {(main := self._listen(self._port)): front}
        self._port = main.getsockname()[1]
        self._make_services(http, front)
        self._make_targets(front)
        for name, port in self._ports.items():
            published = self._listen(port)
            self._ports[name] = published.getsockname()[1]
            listening[published] = partial(front.pass_on, service=self._services[self._key_of(name)])
        groups = [*self._brokers(), *self._sources()]
        sizes = {topic: Topic() for _, _, topics, _ in groups for topic in topics}
        await self.log.open(sizes | {target.topic: target.size for target in self._targets.values()})
        self._exit.push_async_callback(self.log.close)
        self._exit.push_async_callback(self.log.commit_all)
        for dispatcher, group, topics, initial in groups:
            dispatcher.subscription = await self.log.subscribe(group, topics, initial, dispatcher.receive)
        for sock, handler in listening.items():
            await self._serve(sock, handler)
        self._stop_all([service.stop for service in self._services.values()])
        for service in self._services.values():
            service.start()
        self._stop_all([partial(dispatcher.stop, DRAIN_SECONDS) for dispatcher, *_ in groups])
        self.log.start()
        self._exit.push_async_callback(self.log.stop)
        self._exit.callback(asyncio.create_task(self.log.keep_committing()).cancel)
        self._ready = True

    def _stop_all(self, stops: Sequence[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        """On leaving, call these at once."""

        async def stop() -> None:
            await asyncio.gather(*(one() for one in stops))

        self._exit.push_async_callback(stop)

    def _make_services(self, http: aiohttp.ClientSession, front: Front) -> None:
        state = self._state or self._exit.enter_context(tempfile.TemporaryDirectory(prefix="knative-local-"))
        state = Path(state).resolve()  # processes run in folders of their own
        (state / "logs").mkdir(parents=True, exist_ok=True)
        rewrites = {f"http://{BROKER_HOST}": self.url}
        for key in self.manifests.of(schema.Service):
            launch = launch_of(key, self.manifests, root=self._root, state=state, rewrites=rewrites)
            self._services[key] = front.services[key[1:]] = Service(launch, http, state / "logs", self._idle_seconds)

    def _make_targets(self, front: Front) -> None:
        for key in self.manifests.of(schema.Broker):
            config, topic = self._broker_config(key), f"knative-broker-{key[1]}-{key[2]}"
            size = Topic(*(int(config.get(f"default.topic.{n}", 1)) for n in ("partitions", "replication.factor")))
            target = Target(f"http://{BROKER_HOST}/{key[1]}/{key[2]}", topic, self.log, size=size)
            self._targets[key] = front.brokers[key[1:]] = target
        for key, sink in self.manifests.of(schema.KafkaSink).items():
            spec, address = sink.spec, f"http://{SINK_HOST}/{key[1]}/{key[2]}"
            size = Topic(spec.num_partitions, spec.replication_factor)
            target = Target(address, spec.topic, self.log, spec.content_mode == "structured", size)
            self._targets[key] = front.sinks[key[1:]] = target

    def _brokers(self) -> list[Group]:
        routes: dict[Key, list[Route]] = {key: [] for key in self.manifests.of(schema.Broker)}
        for key, trigger in self.manifests.of(schema.Trigger).items():
            broker = ("Broker", key[1], trigger.spec.broker)
            if broker not in routes:
                raise self.manifests.error(key, "spec.broker", f"there is no Broker {broker[2]}")
            matches = compile_filters(trigger.spec.filter.get("attributes", {}), trigger.spec.filters)
            # A Trigger's delivery takes the place of its Broker's, dead letters and all.
            delivery = trigger.spec.delivery or self.manifests.of(schema.Broker)[broker].spec.delivery
            subscriber = self._receiver(key, "spec.subscriber", trigger.spec.subscriber)
            routes[broker].append(self._route(key, matches, subscriber, delivery, self._targets[broker]))
        groups = {key: f"knative-local-{key[1]}-{key[2]}" for key in routes}
        return [(Dispatcher(routes[k], from_record), groups[k], [self._targets[k].topic], "latest") for k in routes]

    def _sources(self) -> list[Group]:
        groups: list[Group] = []
        for key, source in self.manifests.of(schema.KafkaSource).items():
            _, namespace, name = key
            subscriber = self._receiver(key, "spec.sink", source.spec.sink)
            route = self._route(key, lambda _: True, subscriber, source.spec.delivery, None)
            reader = source_reader(namespace, name, source.spec.ce_overrides.get("extensions", {}))
            group = source.spec.consumer_group or f"knative-local-source-{namespace}-{name}"
            groups.append((Dispatcher([route], reader), group, source.spec.topics, source.spec.initial_offset))
        return groups

    def _route(
        self, key: Key, matches: Matcher, subscriber: Receiver, delivery: schema.Delivery, replies: Target | None
    ) -> Route:
        kind, namespace, name = key
        sink, policy = delivery.dead_letter_sink, delivery.policy()
        dead_letters = self._receiver(key, "spec.delivery.deadLetterSink", sink) if sink else None
        if delivery.retry and not policy.retries:
            log.warning("%s %s: retry without backoffDelay retries nothing", kind, name)
        self._routes[kind][name] = Route(name, namespace, matches, subscriber, policy, dead_letters, replies)
        return self._routes[kind][name]

    def _receiver(self, key: Key, path: str, to: schema.Addressable) -> Receiver:
        if to.ref.kind not in ADDRESSABLE or (to.ref.api_version, to.ref.kind) not in schema.KINDS:
            why = f"{to.ref.kind} ({to.ref.api_version}) is none of Knative's {', '.join(ADDRESSABLE)}"
            raise self.manifests.error(key, f"{path}.ref", why)
        at = (to.ref.kind, to.ref.namespace or key[1], to.ref.name)
        found = self._services.get(at) or self._targets.get(at)
        if found is None:
            raise self.manifests.error(key, f"{path}.ref.name", f"there is no {at[0]} {at[2]} in {at[1]}")
        return Receiver(found, to.uri)

    def _key_of(self, service: str) -> Key:
        for key in self.manifests.of(schema.Service):
            if key[2] == service:
                return key
        raise ManifestError(Path(service), "", "no manifest describes a Service of this name")

    def _listen(self, port: int) -> socket.socket:
        return self._exit.enter_context(contextlib.closing(socket.create_server(("127.0.0.1", port), backlog=512)))

    async def _serve(self, listening: socket.socket, handler: Handler) -> None:
        server = web.Server(handler, access_log=None, handler_cancellation=True)
        runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=1)
        await runner.setup()
        self._exit.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening).start()

    def _broker_config(self, key: Key) -> Mapping[str, str]:
        ref = self.manifests.of(schema.Broker)[key].spec.config
        config = self.manifests.data.get((ref.kind, ref.namespace or key[1], ref.name)) if ref else {}
        if config is None:
            raise self.manifests.error(key, "spec.config.name", "there is no such ConfigMap")
        if strange := set(config) - BROKER_CONFIG:
            raise self.manifests.error(key, "spec.config", f"its key {min(strange)} is not supported here")
        return config
