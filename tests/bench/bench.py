#!/usr/bin/env python3
"""Measures the agent beside a bare loop that does the same writes and remembers nothing (the limit), in one run.

  ./dev bench                    everything
  ./dev bench mirror store       these parts; there are mirror, mirror-latency, passes, store, limits, jira, fidelity, convert
  ./dev bench compare            the last run beside the one before it with the same parts

Figures are printed with their aims and kept as JSON lines in build/bench.jsonl.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import fidelity
import jira
from stage import Stage

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench.jsonl"
PARTS = ("mirror", "mirror-latency", "passes", "store", "limits", "jira", "fidelity", "convert")
LATENCY_MS = 50


class Table:
    """What was measured, each with its aim; printed as it comes and kept for the JSON line."""

    def __init__(self):
        self.figures = {}
        self.missed = []

    def heading(self, text):
        print(f"\n{text}\n  {'':<50} {'measured':>12} {'aim':>12} {'ratio':>7}", flush=True)

    def row(self, name, what, value, unit="", aim=None, at_least=False):
        self.figures[name] = value
        aim_text, ratio, word = "", "", ""
        if aim is not None:
            met = value >= aim if at_least else value <= aim
            aim_text = f"{'≥' if at_least else '≤'} {figure(aim)}"
            ratio = f"{value / aim:.2f}" if aim else ""
            word = "met" if met else "NOT MET"
            if not met:
                self.missed.append(what)
        print(f"  {what:<50} {figure(value) + (' ' + unit if unit else ''):>12} {aim_text:>12} {ratio:>7} {word}".rstrip(), flush=True)

    def requests(self, title, counts, tickets):
        """`counts`: side → what → how often."""
        print(f"  {title}")
        for side, by_path in counts.items():
            for what, count in sorted(by_path.items(), key=lambda entry: -entry[1]):
                print(f"    {side:<10} {what:<52} {count:>8} {count / max(1, tickets):>9.3f}")
        sys.stdout.flush()


def figure(value):
    if isinstance(value, int) or value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:,.1f}"


def total(counts, side):
    return sum(counts.get(side, {}).values())


def writes(counts):
    return sum(count for by_path in counts.values() for what, count in by_path.items() if not what.startswith("GET "))


def show_beside(table, name, agent, bare):
    table.row(f"{name}.ratio_to_bare", "of the bare loop's speed", agent["tickets_per_second"] / bare["tickets_per_second"])


def mirror(stage, table, options, latency_ms, keep=False):
    """A first mirror of everything. With `keep` the trackers and the store stay for the passes that follow."""
    name = f"mirror_{latency_ms}ms"
    tickets = options.issues
    table.heading(f"First mirror: {tickets:,} issues with {options.comments} comments each, {latency_ms} ms latency, {options.lanes} lanes")
    bare = agent = None
    for attempt in range(options.repeat):
        stage.start_github("--issues", str(tickets), "--comments", str(options.comments), latency_ms=latency_ms)
        stage.start_redmine(latency_ms=latency_ms)
        found = stage.bare_loop(options.lanes)
        if bare is None or found["tickets_per_second"] > bare["tickets_per_second"]:
            bare = found
        stage.start_redmine(latency_ms=latency_ms)
        stage.new_agent(options.lanes)
        stage.forget_requests()
        found = stage.run_once()
        done = found["summary"].get("done", {}).get("created", 0)
        if done != tickets:
            raise SystemExit(f"bench: {done} of {tickets} tickets were mirrored\n{json.dumps(found['summary'], indent=1)[:3000]}\n{found['log'][-3000:]}")
        found["tickets_per_second"] = tickets / found["seconds"]
        found["requests"] = stage.requests()
        if agent is None or found["tickets_per_second"] > agent["tickets_per_second"]:
            agent = found
    table.row(f"{name}.bare", "bare loop (the limit)", bare["tickets_per_second"], "/s")
    table.row(f"{name}.bare_cpu_ms", "  CPU per ticket", bare["cpu_ms_per_ticket"], "ms")
    table.row(f"{name}.bare_requests", "  requests per ticket", sum(bare["requests"].values()) / tickets)
    table.row(f"{name}.tickets_per_second", "Causeway, tickets per second", agent["tickets_per_second"], "/s",
              aim=125 if latency_ms else 1200, at_least=True)
    show_beside(table, name, agent, bare)
    table.row(f"{name}.cpu_ms", "  CPU per ticket", agent["cpu_seconds"] * 1000 / tickets, "ms", aim=0.6)
    table.row(f"{name}.memory_mib", "  peak memory", agent["memory_mib"], "MiB")
    table.row(f"{name}.redmine_requests", "  requests per ticket into Redmine", total(agent["requests"], "redmine") / tickets, aim=5.1)
    table.row(f"{name}.github_requests", "  requests per ticket to GitHub", total(agent["requests"], "github") / tickets)
    table.requests("requests: count and per ticket", agent["requests"], tickets)
    table.figures[f"{name}.requests"] = agent["requests"]


def passes(stage, table, options):
    """Goes on from a first mirror without latency."""
    table.heading("A pass with nothing changed")
    # Redmine lists what was just written once more, and an ETag holds from the first listing after the last change.
    before = 0
    while True:
        stage.forget_requests()
        found = stage.run_once()
        settled = stage.requests()["redmine"].get("GET /issues", 0) == 1 and only_304(found["summary"])
        if settled or before == 20:
            break
        before += 1
        time.sleep(0.5)  # a second must be over before it can be left behind
    counts = stage.requests()
    table.row("unchanged.passes_before", "passes until the listings had settled", before)
    table.row("unchanged.once_requests", "requests of `run --once`: whose key is it, then the lists", total(counts, "github") + total(counts, "redmine"))
    table.row("unchanged.seconds", "  time, the program's start included", found["seconds"], "s")
    table.row("unchanged.cpu_ms", "  CPU", found["cpu_seconds"] * 1000, "ms")
    table.row("unchanged.memory_mib", "  peak memory", found["memory_mib"], "MiB")
    counts, rounds = stage.serve_rounds(4)
    # The running agent also reads a few linked tickets whole with each round (the safety net of `sweep`), whatever has changed.
    lists = {side: {what: count for what, count in by_path.items() if what.endswith("/issues") or what.endswith("/issues/comments")}
             for side, by_path in counts.items()}
    listed = total(lists, "github") + total(lists, "redmine")
    table.row("unchanged.requests", "requests of a round of the running agent", listed / rounds, aim=3)
    table.row("unchanged.sweep", "  and of its sweep in that time", (total(counts, "github") + total(counts, "redmine") - listed) / rounds)
    table.row("unchanged.writes", "writes", writes(counts), aim=0)
    not_304 = {what: count for what, count in found["summary"]["requests"]["community"].items() if not what.endswith(" 304")}
    table.row("unchanged.github_not_304", "GitHub's answers other than 304", sum(not_304.values()), aim=0)
    table.requests("requests: count and per round", counts, rounds)

    share = max(1, options.issues // 100)
    table.heading(f"A pass with 1 % changed: {share} tickets, by people on both sides")
    change_some(stage, share)
    stage.forget_requests()
    found = stage.run_once()
    counts = stage.requests()
    # A ticket that was written to is read back once; what else is read of Redmine counts.
    written = sum(count for what, count in found["summary"]["done"].items() if what in ("commented", "edited")) - counts["github"].get("PATCH /repos/{owner}/{repo}/issues/{issue_number}", 0)
    read_back = min(counts["redmine"].get("GET /issues/{id}", 0), written)
    everything = total(counts, "github") + total(counts, "redmine")
    table.row("changed.requests", "requests per changed ticket, read-back left out", (everything - read_back) / share, aim=2.3)
    table.row("changed.read_back", "Redmine's read-back per changed ticket", read_back / share)
    table.row("changed.seconds", "time, the program's start included", found["seconds"], "s")
    table.row("changed.cpu_ms", "CPU per changed ticket", found["cpu_seconds"] * 1000 / share, "ms")
    table.requests("requests: count and per changed ticket", counts, share)
    table.figures["changed.done"] = found["summary"]["done"]
    print(f"  done: {found['summary']['done']}")


def only_304(summary):
    return all(what.endswith(" 304") for what in summary["requests"]["community"])


def change_some(stage, count):
    """People at work: titles and comments on GitHub, statuses in Redmine, in turn."""
    for at in range(count):
        number = 1 + at * 97
        if at % 3 == 0:
            stage.github_call("PATCH", f"/issues/{number}", {"title": f"A better title for {number}"})
        elif at % 3 == 1:
            stage.github_call("POST", f"/issues/{number}/comments", {"body": f"One more word about {number}, which still happens."})
        else:
            stage.redmine_call("PUT", f"/issues/{number}.json", {"issue": {"status_id": 5}})


def store_scale(stage, table):
    table.heading("A store of 1,000,000 links")
    found = stage.store_scale()
    table.row("store.bytes_per_link", "disk per link", found["bytes_per_link"], "bytes", aim=250)
    table.row("store.start_seconds", "start", found["start_seconds"], "s", aim=1)
    table.row("store.memory_mib", "peak memory, filling it included", found["peak_mib"], "MiB", aim=48)
    table.row("store.lookups_per_second", "links found by ticket", found["lookups_per_second"], "/s")
    table.row("store.commits_per_second", "durable commits, 8 threads", found["durable_commits_per_second_8_threads"], "/s")


def limits(stage, table, options):
    """A backfill into GitHub under the vendor's limits, told to stop in the middle. The stand-in's time is real, so this takes
    a little more than a minute and shows two minutes' worth of creations."""
    count = options.backfill
    table.heading(f"A backfill of {count} tickets with a comment each into GitHub, the vendor's limits switched on (80 a minute)")
    stage.start_github("--limits")
    stage.start_redmine()
    for at in range(count):
        made = stage.redmine_call("POST", "/issues.json", {"issue": {"project_id": "support", "tracker_id": 1, "subject": f"Reported by a customer, {at}",
                                                                    "description": f"It stops after {at} minutes."}})
        stage.redmine_call("PUT", f"/issues/{made['issue']['id']}.json", {"issue": {"notes": f"/community\nMore about {at}."}})
    stage.new_agent(options.lanes, limited=True, into_github=True)
    stage.forget_requests()
    begun = time.monotonic()
    stopped = stage.run_until_stopped(lambda: stage.github_creations() >= 30)
    before = stage.github_creations()
    table.row("limits.created_before_stop", "created when it was told to stop (SIGTERM)", before)
    table.row("limits.stop_seconds", "time to stop", stopped["stop_seconds"], "s", aim=10)
    stage.run_once(may_need_attention=True)
    first_minute = stage.github_creations()
    table.row("limits.first_minute", "created in the first minute", first_minute, aim=80)
    status = stage.status()
    table.row("limits.seconds_left_shown", "`status` shows as time left", status.get("seconds_left", 0) or 0, "s")
    stage.run_once(may_need_attention=True)
    table.row("limits.again_at_once", "created by starting again at once", stage.github_creations() - first_minute, aim=80 - first_minute if first_minute < 80 else 0)
    time.sleep(max(0.0, 62 - (time.monotonic() - begun)))
    stage.run_once(may_need_attention=True)
    table.row("limits.second_minute", "created in the second minute", stage.github_creations() - first_minute, aim=1, at_least=True)
    table.row("limits.refused", "answers 403 or 429", stage.refused(), aim=0)
    table.row("limits.twice", "tickets created twice", stage.created_twice(), aim=0)


def commit():
    return subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def compare():
    runs = [json.loads(line) for line in KEPT.read_text().splitlines()] if KEPT.exists() else []
    new = runs[-1] if runs else {"figures": {}}
    old = next((run for run in reversed(runs[:-1]) if set(run["figures"]) & set(new["figures"])), None)
    if old is None:
        raise SystemExit("bench: there are no two runs of the same parts to compare yet; run ./dev bench")
    print(f"{'':<36} {old['commit']:>24} {new['commit']:>24} {'ratio':>7}")
    print(f"{'':<36} {old['date'][:19]:>24} {new['date'][:19]:>24}")
    for name in list(dict.fromkeys([*old["figures"], *new["figures"]])):
        before, after = old["figures"].get(name), new["figures"].get(name)
        if isinstance(before, dict) or isinstance(after, dict):
            continue
        ratio = f"{after / before:.2f}" if before and after is not None else ""
        show = [("" if value is None else figure(value)) for value in (before, after)]
        print(f"{name:<36} {show[0]:>24} {show[1]:>24} {ratio:>7}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder with the built programs")
    parser.add_argument("--issues", type=int, default=5000)
    parser.add_argument("--comments", type=int, default=3)
    parser.add_argument("--lanes", type=int, default=32)
    parser.add_argument("--links", type=int, default=1_000_000, help="for `store`")
    parser.add_argument("--backfill", type=int, default=90, help="tickets for `limits`")
    parser.add_argument("--repeat", type=int, default=1, help="measure a mirror so often and take the best of each")
    parser.add_argument("parts", nargs="*", metavar="NAME", help=f"{', '.join(PARTS)} or compare; without: everything")
    options = parser.parse_args()
    if options.parts == ["compare"]:
        compare()
        return 0
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        raise SystemExit(f"bench: there is no {unknown[0]}; there are {', '.join(PARTS)} and compare")
    parts = options.parts or list(PARTS)
    KEPT.parent.mkdir(exist_ok=True)
    table = Table()
    # On a disk, not in memory: a commit is to wait for it.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=KEPT.parent) as folder, Stage(options.bin.resolve(), pathlib.Path(folder), options.links) as stage:
        if "mirror-latency" in parts:
            mirror(stage, table, options, LATENCY_MS)
        if "mirror" in parts or "passes" in parts:
            mirror(stage, table, options, 0)
        if "passes" in parts:
            passes(stage, table, options)
        if "store" in parts:
            store_scale(stage, table)
        if "limits" in parts:
            limits(stage, table, options)
        if "jira" in parts:
            jira.jira(stage, table, options)
        if "fidelity" in parts:
            fidelity.fidelity(table, options.bin.resolve(), pathlib.Path(folder))
        if "convert" in parts:
            fidelity.convert(table, options.bin.resolve(), pathlib.Path(folder))
    line = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(), "commit": commit(), "parts": parts, "processors": os.cpu_count(), "figures": table.figures}
    with KEPT.open("a") as kept:
        kept.write(json.dumps(line) + "\n")
    print(f"\n{'All aims are met.' if not table.missed else 'Not met: ' + '; '.join(text.strip() for text in table.missed)}")
    print(f"Kept in {KEPT.relative_to(ROOT)}; ./dev bench compare shows the last two runs beside each other.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
