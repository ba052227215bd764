"""Our own rules about manifests. A policy is a pure function: all manifests in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from knative.check.manifests import Finding, Manifests
from knative.check.policies import capacity, delivery, exposed, flow, folder, pods, reach, references, security

Policy = Callable[[Manifests], Iterator[Finding]]

POLICIES: tuple[Policy, ...] = (
    folder.the_kustomization_lists_every_file,
    folder.a_manifest_is_given_once,
    folder.no_secret_is_kept,
    folder.event_types_are_those_of_the_payloads,
    references.what_is_referred_to_exists,
    references.topics_lead_in_or_out,
    references.every_function_is_a_service,
    reach.filters_name_known_types,
    reach.only_who_takes_anything_goes_unfiltered,
    reach.an_accepted_type_comes_once,
    reach.checks_return_to_whoever_asked,
    reach.plain_records_come_once,
    reach.what_people_are_told_leaves,
    flow.nothing_goes_round,
    flow.sources_say_where_events_come_from,
    delivery.triggers_state_their_whole_delivery,
    delivery.sources_state_their_delivery,
    delivery.nothing_is_ordered,
    capacity.requests_are_bounded,
    capacity.scale_is_stated,
    capacity.a_trigger_gives_up_first,
    capacity.resources_are_bounded,
    capacity.probes_tell_who_is_ready,
    capacity.threads_are_as_many_as_requests,
    capacity.pools_fit_into_the_database,
    security.containers_may_do_little,
    security.pods_have_no_token,
    security.secrets_come_as_files,
    security.images_are_pinned,
    security.images_are_ours,
    security.only_the_edge_is_reached_from_outside,
    security.who_runs_foreign_code_holds_no_secret,
    security.who_runs_foreign_code_reaches_nobody,
    security.who_comes_in_is_named,
    pods.pods_are_apart_from_their_node,
    pods.jobs_end,
    exposed.the_edge_is_reached_over_tls,
    exposed.everything_is_denied_first,
    exposed.kafka_is_told_who_asks,
    exposed.nothing_is_for_trying,
)
"""Every rule. Its docstring is the reason for it."""
