"""GitHub ↔ Jira and Jira ↔ Redmine on the measures of the foundation: speed, requests and CPU per ticket."""
import json
import time

from stage import REPOSITORY, ask

ROUTES = {
    "github-jira": ("GitHub into a Jira queue", "community", "jira"),
    "jira-redmine": ("a customer's Jira into a Redmine queue", "jira", "queue"),
}
CONFIG = """\
store: {folder}/causeway.sqlite
trackers:
  community:
    kind: github
    role: community
    url: {github}
    project: {repository}
    token: {{env: BENCH_GITHUB_TOKEN}}
    limits: {{creations_per_minute: 0, creations_per_hour: 0}}
  jira:
    kind: jira
    role: {jira_role}
    url: {jira}
    deployment: cloud
    project: INIT
    email: syncuser@example.com
    token: {{env: BENCH_JIRA_TOKEN}}
    issue_type: Task
    transition: {{resolution: Done}}
    listing_lag: 1s
    writers: {lanes}
    readers: {lanes}
  queue:
    kind: redmine
    role: queue
    url: {redmine}
    project: support
    token: {{env: BENCH_REDMINE_KEY}}
    fields: {{labels: Labels}}
    writers: {lanes}
    readers: {lanes}
routes:
  bench:
    left: {left}
    right: {right}
    mirror_when: {{everything: true}}
    mapping:
      status: {{values: {statuses}}}
      priority: {{flow: none}}
    brake: 1000000
"""
STATUSES = {
    "github-jira": '[[open, To Do], [open, In Progress], [open, In Review], [closed, Done]]',
    "jira-redmine": '[[To Do, New], [In Progress, In Progress], [In Review, In Progress], [Done, Closed]]',
}


def configure(stage, preset, lanes):
    stage.agents += 1
    home = stage.folder / f"agent-{stage.agents}"
    home.mkdir()
    stage.config = home / "causeway.yaml"
    _, left, right = ROUTES[preset]
    stage.config.write_text(CONFIG.format(folder=home, repository=REPOSITORY, github=stage.origins["github"], jira=stage.origins["jira-cloud"],
                                          redmine=stage.origins["redmine"], lanes=lanes, left=left, right=right, statuses=STATUSES[preset],
                                          jira_role="customer" if left == "jira" else "queue"))
    stage.environment["BENCH_JIRA_TOKEN"] = "token-syncuser"


def jira_call(stage, method, path, body=None):
    headers = {"Authorization": "Basic cmVwb3J0ZXJAZXhhbXBsZS5jb206dG9rZW4tcmVwb3J0ZXI="}  # reporter, of the stand-in's world
    return ask(method, stage.origins["jira-cloud"] + "/rest/api/3" + path, headers, body)


def both(counts, preset):
    sides = {"github-jira": ("github", "jira-cloud"), "jira-redmine": ("jira-cloud", "redmine")}[preset]
    return sum(sum(counts.get(side, {}).values()) for side in sides)


def measure(stage, table, options, preset):
    title, left, _ = ROUTES[preset]
    tickets = min(options.issues, 1000)
    name = preset.replace("-", "_")
    from_jira = left == "jira"
    table.heading(f"{title}: {tickets:,} tickets with {options.comments} comments each, 0 ms latency, {options.lanes} lanes")
    filled = ("--issues", str(tickets), "--comments", str(options.comments))
    stage.start_github(*(() if from_jira else filled))
    stage.start("jira-cloud", *(filled if from_jira else ()))
    stage.start_redmine()
    configure(stage, preset, options.lanes)
    stage.forget_requests()
    found = stage.run_once()
    created = found["summary"]["done"].get("created", 0)
    if created != tickets:
        raise SystemExit(f"bench: {created} of {tickets} tickets were mirrored\n{json.dumps(found['summary'], indent=1)[:2000]}\n{found['log'][-2000:]}")
    counts = stage.requests()
    table.row(f"{name}.tickets_per_second", "tickets per second", tickets / found["seconds"], "/s", aim=1200, at_least=True)
    table.row(f"{name}.cpu_ms", "  CPU per ticket", found["cpu_seconds"] * 1000 / tickets, "ms", aim=0.6)
    table.row(f"{name}.memory_mib", "  peak memory", found["memory_mib"], "MiB")
    # Redmine's answers prove nothing, so that a ticket is read back once there.
    table.row(f"{name}.requests", "  requests per ticket", both(counts, preset) / tickets, aim=5.1 if from_jira else 4.1)
    table.requests("requests: count and per ticket", counts, tickets)

    # Jira's JQL knows minutes, so that what was just written is listed again until the next minute is over.
    for _ in range(60):
        time.sleep(2)
        stage.forget_requests()
        found = stage.run_once()
        if not found["summary"]["done"] and both(stage.requests(), preset) <= 5:
            break
    counts = stage.requests()
    table.row(f"{name}.unchanged", "requests of a pass with nothing changed, with one for whose key it is", both(counts, preset), aim=3)
    table.requests("requests", counts, 1)

    share = max(1, tickets // 100)
    change(stage, share, from_jira)
    stage.forget_requests()
    found = stage.run_once()
    counts = stage.requests()
    table.row(f"{name}.changed", f"requests per changed ticket ({share} of them)", both(counts, preset) / share, aim=2.3)
    table.requests("requests: count and per changed ticket", counts, share)
    print(f"  done: {found['summary']['done']}")


def change(stage, count, in_jira):
    """Half of them get a new title, half a comment, from people on the left."""
    for number in range(1, count + 1):
        if in_jira:
            key = f"INIT-{number}"
            if number % 2:
                jira_call(stage, "PUT", f"/issue/{key}", {"fields": {"summary": f"changed title {number}"}})
            else:
                text = {"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "one more"}]}]}
                jira_call(stage, "POST", f"/issue/{key}/comment", {"body": text})
        elif number % 2:
            stage.github_call("PATCH", f"/issues/{number}", {"title": f"changed title {number}"})
        else:
            stage.github_call("POST", f"/issues/{number}/comments", {"body": "one more"})


def jira(stage, table, options):
    for preset in ROUTES:
        measure(stage, table, options, preset)
