"""The dashboard and the alerts ask for what the code counts, and every alert says what to do."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import get_args

import pytest
import yaml

from functions.notification.steps import Status
from functions.shared import errors
from functions.shared.broker import STORED
from functions.shared.edge.limits import Whose
from functions.shared.running import Outcome
from knative.check.manifests import read

ROOT = Path(__file__).parents[2]
OPERATING = ROOT / "knative" / "operating"
COMPONENT = ROOT / "knative" / "overlays" / "components" / "metrics"
README = (OPERATING / "README.md").read_text()
DASHBOARD = json.loads((OPERATING / "dashboard.json").read_text())
ALERTS = [
    rule for group in yaml.safe_load((OPERATING / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
SHOWN = [target["expr"] for panel in PANELS for target in panel["targets"]]
EXPRESSIONS = [*SHOWN, *(alert["expr"] for alert in ALERTS)]

SCRAPED = {"namespace", "service", "pod"}
"""Labels that the PodMonitor adds."""
NOT_SHOWN: dict[str, str] = {}
"""Metrics that the dashboard leaves out, and why nobody would look at them."""

SUFFIXES = {"Counter": ("",), "Gauge": ("",), "Histogram": ("_bucket", "_sum", "_count")}
WORDS = {"sum", "min", "by", "le", "rate", "increase", "histogram_quantile", "max_over_time", "absent"}
WORDS |= {"or", "unless", "offset"}
HANDLED = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.EventError)
}
SAID = {
    ("learnflow_events_total", "outcome"): HANDLED | {"replied", "done", "bug"},
    ("learnflow_deliveries_total", "status"): set(get_args(Status)),
    ("learnflow_posts_total", "outcome"): {str(STORED)},
    ("learnflow_limited_total", "limit"): set(get_args(Whose)),
    ("learnflow_sandbox_runs_total", "outcome"): set(get_args(Outcome)),
}
"""The values that labels take, where somebody asks for one by name."""

SELECTED = re.compile(r"(learnflow_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')


def metrics_of(source):
    """The series that a module's metrics make: each name with its labels; by its bare name."""
    tree = ast.parse(source)
    if not any(isinstance(node, ast.ImportFrom) and node.module == "prometheus_client" for node in ast.walk(tree)):
        return {}
    found = {}
    for node in ast.walk(tree):
        kind = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if kind not in SUFFIXES:
            continue
        name, *rest = (ast.literal_eval(argument) for argument in node.args)
        labels = set(rest[1]) if len(rest) > 1 else set()
        found[name] = {name + suffix: labels | ({"le"} if suffix == "_bucket" else set()) for suffix in SUFFIXES[kind]}
    return found


def counted():
    """All metrics of functions/ and sandbox-runner/."""
    found = {}
    for folder in ("functions", "sandbox-runner"):
        for module in sorted((ROOT / folder).rglob("*.py")):
            for name, series in metrics_of(module.read_text()).items():
                assert found.setdefault(name, series) == series, f"{module} labels {name} otherwise"
    return found


METRICS = counted()
SERIES = {name: labels for series in METRICS.values() for name, labels in series.items()}


def mistakes(expression):
    """What a PromQL expression asks for that nobody counts; read crudely: one `by` is about every metric in it."""
    found = []
    grouped = {
        label for labels in re.findall(r"\bby\s*\(([^)]*)\)", expression) for label in re.findall(r"\w+", labels)
    }
    for metric, matchers in SELECTED.findall(expression):
        if metric not in SERIES:
            found.append(f"no metric {metric}")
            continue
        asked = MATCHER.findall(matchers)
        found += [
            f"{metric} has no label {label}"
            for label in sorted((grouped | {label for label, _ in asked}) - SERIES[metric] - SCRAPED)
        ]
        for label, pattern in asked:
            known = SAID.get((metric, label))
            if known is not None and label not in SCRAPED:
                found += [f"{label} is never {value}" for value in pattern.split("|") if value not in known]
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]|\bby\s*\([^)]*\)|\b\d[\d.]*[smhd]?\b", " ", expression)
    found += [f"no function {word}" for word in re.findall(r"[A-Za-z_]\w*", bare) if word not in WORDS | SERIES.keys()]
    return found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_expression_asks_for_metrics_labels_and_values_that_the_code_has(expression):
    assert SELECTED.search(expression)
    assert mistakes(expression) == []


@pytest.mark.parametrize(
    ("expression", "mistake"),
    [
        ("rate(learnflow_post_total[5m])", "no metric learnflow_post_total"),
        ("rate(learnflow_event_seconds[5m])", "no metric learnflow_event_seconds"),
        ("sum by (route) (rate(learnflow_posts_total[5m]))", "learnflow_posts_total has no label route"),
        ('rate(learnflow_posts_total{status="202"}[5m])', "learnflow_posts_total has no label status"),
        ("sum by (le) (rate(learnflow_event_seconds_sum[5m]))", "learnflow_event_seconds_sum has no label le"),
        ('rate(learnflow_events_total{outcome=~"bug|retry"}[5m])', "outcome is never retry"),
        ("rates(learnflow_posts_total[5m])", "no function rates"),
    ],
)
def test_an_expression_that_asks_for_what_nobody_counts_is_found(expression, mistake):
    assert mistake in mistakes(expression)


def test_every_metric_is_on_the_dashboard_or_is_said_not_to_be_and_why():
    asked = {metric for expression in SHOWN for metric, _ in SELECTED.findall(expression)}
    shown = {name for name, series in METRICS.items() if asked & series.keys()}

    assert len(METRICS) > 10
    assert shown | NOT_SHOWN.keys() == METRICS.keys()
    assert not shown & NOT_SHOWN.keys()
    assert all(NOT_SHOWN.values())


def test_every_row_and_panel_has_a_title_of_its_own_and_every_panel_says_what_it_means():
    titles = [panel["title"] for panel in DASHBOARD["panels"]]

    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert all(panel["description"] for panel in PANELS)
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(titles)


def test_panels_neither_overlap_nor_leave_the_grid():
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in DASHBOARD["panels"])
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]

    assert len(set(cells)) == len(cells)
    assert all(x < 24 for x, _ in cells)


def test_the_dashboard_asks_which_prometheus_to_read():
    kinds = {variable["name"]: variable["type"] for variable in DASHBOARD["templating"]["list"]}
    sources = {target["datasource"]["uid"] for panel in PANELS for target in panel["targets"]}

    assert kinds["datasource"] == "datasource"
    assert sources | {panel["datasource"]["uid"] for panel in PANELS} == {"${datasource}"}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_every_alert_says_how_bad_it_is_in_one_sentence_and_leads_to_its_row_of_the_runbook(alert):
    summary, runbook = alert["annotations"]["summary"], alert["annotations"]["runbook"]
    path, _, anchor = runbook.partition("#")

    assert alert["labels"]["severity"] in {"critical", "warning"}
    assert re.fullmatch(r"[^\n]+[^.\n]\.", summary)
    assert ROOT / path == OPERATING / "README.md"
    assert README.count(f'| <a id="{anchor}"></a>`{alert["alert"]}` |') == 1


def test_alerts_have_names_of_their_own_and_the_runbook_knows_no_others():
    names = [alert["alert"] for alert in ALERTS]

    assert len(set(names)) == len(names)
    assert set(re.findall(r"`(LearnFlow\w+)`", README)) == set(names)


def test_the_metrics_component_brings_the_labels_that_expressions_group_by():
    manifests = read([COMPONENT])
    (monitor,) = manifests.of("PodMonitor")
    (policy,) = manifests.of("NetworkPolicy")
    (endpoint,) = monitor.items("spec.podMetricsEndpoints")

    assert endpoint["path"] == "/metrics"
    assert {rule["targetLabel"] for rule in endpoint["relabelings"]} == {"service"}
    assert monitor.at("spec.selector") == policy.at("spec.podSelector")
    assert "(../overlays/components/metrics)" in README


def test_titles_that_the_runbook_quotes_are_panels():
    titles = [panel["title"] for panel in PANELS]
    table = [line for line in README.splitlines() if line.startswith("| <a id=")]
    quoted = {title for line in table for title in re.findall(r'"([^"=]+)"', line.partition("</a>")[2])}

    assert quoted
    assert all(any(title.startswith(each) for title in titles) for each in quoted)
