"""Everything a measurement needs around it: both stand-ins, the agent with a configuration of its own, and what they used."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

TOKEN = "ghp_syncuser"
KEY = "e" * 40  # of `causeway` in the stand-in's world
MAINTAINER = "ghp_maintainer"
LEAD_KEY = "b" * 40
REPOSITORY = "acme/widgets"
PROJECT = "support"

CONFIG = """\
store: {folder}/causeway.sqlite
trackers:
  community:
    kind: github
    role: community
    url: {github}
    project: {repository}
    token: {{env: BENCH_GITHUB_TOKEN}}
    readers: 8
    poll: 2s
{limits}
  queue:
    kind: redmine
    role: queue
    url: {redmine}
    project: {project}
    token: {{env: BENCH_REDMINE_KEY}}
    fields: {{labels: Labels, twin: Community issue}}
    poll: 2s
    writers: {lanes}
    readers: {lanes}
routes:
  widgets:
    left: community
    right: queue
    preset: github-redmine
    {when}: {{everything: true}}
    {more}
    brake: 1000000
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(method, url, headers=None, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json", "User-Agent": "bench", **(headers or {})})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"bench: {method} {url}: {error.code} {error.read()[:300].decode(errors='replace')}") from None
    return json.loads(text) if text.strip() else None


class Watched:
    """A child process with the peak of its own memory. The kernel's figure for ended children counts the parent's memory
    at the fork, so it is read while the child lives."""

    def __init__(self, arguments, **options):
        self.begun = time.monotonic()
        self.process = subprocess.Popen([str(argument) for argument in arguments], **options)
        self.memory_kib = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        while not self._ended.wait(0.01 if self.memory_kib < 8 * 1024 else 0.1):
            self._look()

    def _look(self):
        try:
            text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return
        for line in text.splitlines():
            if line.startswith("VmHWM:"):
                self.memory_kib = max(self.memory_kib, int(line.split()[1]))

    def wait(self):
        """Exit code, seconds, CPU seconds."""
        _, status, usage = os.wait4(self.process.pid, 0)
        seconds = time.monotonic() - self.begun
        self._ended.set()
        self._thread.join()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.returncode, seconds, usage.ru_utime + usage.ru_stime


class Stage:
    def __init__(self, binaries, folder, links):
        self.bin, self.folder, self.links = binaries, folder, links
        self.servers = {}
        self.origins = {}
        self.agents = 0
        self.environment = {**os.environ, "BENCH_GITHUB_TOKEN": TOKEN, "BENCH_REDMINE_KEY": KEY, "no_proxy": "127.0.0.1"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for kind in list(self.servers):
            self.stop(kind)

    # the stand-ins
    def stop(self, kind):
        process = self.servers.pop(kind, None)
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, kind, *options, latency_ms=0):
        self.stop(kind)
        port = free_port()
        arguments = [self.bin / "causeway-standin", kind, "--port", str(port), *options]
        if latency_ms:
            arguments += ["--latency", str(latency_ms)]
        with open(self.folder / f"{kind}.log", "ab") as log:
            process = subprocess.Popen([str(argument) for argument in arguments], stdout=log, stderr=log)
        self.servers[kind] = process
        self.origins[kind] = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while True:
            try:
                ask("GET", self.origins[kind] + "/_standin/requests")
                return
            except (OSError, SystemExit):
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"bench: the {kind} stand-in does not answer:\n" + (self.folder / f"{kind}.log").read_text()[-2000:]) from None
                time.sleep(0.02)

    def start_github(self, *options, latency_ms=0):
        self.start("github", *options, latency_ms=latency_ms)

    def start_redmine(self, *options, latency_ms=0):
        """As behind a web server, which says what time it is: then the last second's rows are not listed again for long."""
        self.start("redmine", *options, latency_ms=latency_ms)
        ask("POST", self.origins["redmine"] + "/_standin/settings", body={"dates_with_header": True})

    def requests(self):
        """Since `forget_requests`, as the stand-ins counted them: side → "GET /issues" → how often."""
        counts = {}
        for kind, origin in self.origins.items():
            found = ask("GET", origin + "/_standin/requests")
            counts[kind] = {what: count for what, count in found.items() if "/_standin" not in what}
        return counts

    def forget_requests(self):
        for origin in self.origins.values():
            ask("DELETE", origin + "/_standin/requests")

    def github_call(self, method, path, body=None):
        return ask(method, f"{self.origins['github']}/repos/{REPOSITORY}{path}", {"Authorization": f"Bearer {MAINTAINER}"}, body)

    def redmine_call(self, method, path, body=None):
        return ask(method, self.origins["redmine"] + path, {"X-Redmine-API-Key": LEAD_KEY}, body)

    # the bare loop
    def bare_loop(self, lanes):
        answer = subprocess.run([str(self.bin / "causeway-bench"), "--github", self.origins["github"], "--repository", REPOSITORY, "--token", TOKEN,
                                 "--redmine", self.origins["redmine"], "--project", PROJECT, "--key", KEY, "--lanes", str(lanes)],
                                capture_output=True, text=True, env=self.environment, check=False)
        if answer.returncode != 0:
            raise SystemExit(f"bench: the bare loop failed: {answer.stderr.strip()}")
        return json.loads(answer.stdout)

    # the agent
    def new_agent(self, lanes, limited=False, into_github=False):
        """A configuration with an empty store."""
        self.agents += 1
        home = self.folder / f"agent-{self.agents}"
        home.mkdir()
        self.config = home / "causeway.yaml"
        self.config.write_text(CONFIG.format(
            folder=home, github=self.origins["github"], redmine=self.origins["redmine"], repository=REPOSITORY, project=PROJECT, lanes=lanes,
            limits="" if limited else "    limits: {creations_per_minute: 0, creations_per_hour: 0}",
            when="publish_when" if into_github else "mirror_when", more="first_publication: allow" if into_github else "description: bench"))

    def run_once(self, may_need_attention=False):
        log = self.config.parent / "log"
        with open(log, "wb") as stream:
            child = Watched([self.bin / "causeway", "run", "--once", "--json", "--config", self.config], stdout=subprocess.PIPE, stderr=stream,
                            env=self.environment, text=True)
            output = child.process.stdout.read()
            code, seconds, cpu = child.wait()
        text = log.read_text()
        if code != 0 and not (code == 1 and may_need_attention):
            raise SystemExit(f"bench: causeway run --once ended with {code}\n{output[:2000]}\n{text[-3000:]}")
        self.last_summary = json.loads(output)
        return {"summary": self.last_summary, "seconds": seconds, "cpu_seconds": cpu, "memory_mib": child.memory_kib / 1024, "log": text}

    def run_until_stopped(self, ready):
        """The agent as a service, told to stop (SIGTERM) as soon as `ready`."""
        with open(self.config.parent / "log", "wb") as stream:
            child = Watched([self.bin / "causeway", "run", "--config", self.config], stdout=subprocess.DEVNULL, stderr=stream, env=self.environment)
            self.wait_until(child, ready)
            asked = time.monotonic()
            child.process.send_signal(signal.SIGTERM)
            code, _, _ = child.wait()
        if code != 0:
            raise SystemExit(f"bench: causeway run ended with {code}\n" + (self.config.parent / "log").read_text()[-3000:])
        return {"stop_seconds": time.monotonic() - asked}

    def serve_rounds(self, count):
        """The agent as a service that polls every two seconds: what was asked for in so many rounds, its first one left out."""
        lists = "GET /repos/{owner}/{repo}/issues"
        self.forget_requests()

        def rounds():
            return self.requests()["github"].get(lists, 0)

        with open(self.config.parent / "log", "wb") as stream:
            child = Watched([self.bin / "causeway", "run", "--config", self.config], stdout=subprocess.DEVNULL, stderr=stream, env=self.environment)
            self.wait_until(child, lambda: rounds() >= 1)
            time.sleep(0.5)  # Redmine's list of the same round
            self.forget_requests()
            self.wait_until(child, lambda: rounds() >= count)
            time.sleep(0.5)
            counts = self.requests()
            child.process.send_signal(signal.SIGTERM)
            child.wait()
        return counts, counts["github"].get(lists, 0)

    def wait_until(self, child, ready):
        until = time.monotonic() + 60
        while not ready():
            if child.process.poll() is not None or time.monotonic() > until:
                raise SystemExit("bench: causeway run does not get on:\n" + (self.config.parent / "log").read_text()[-3000:])
            time.sleep(0.01)

    def status(self):
        answer = subprocess.run([str(self.bin / "causeway"), "status", "--json", "--config", str(self.config)], capture_output=True, text=True,
                                env=self.environment, check=False)
        if answer.returncode not in (0, 1):
            raise SystemExit(f"bench: causeway status ended with {answer.returncode}: {answer.stderr.strip()}")
        return json.loads(answer.stdout)

    def github_issues(self):
        return ask("GET", f"{self.origins['github']}/_standin/issues/{REPOSITORY}")

    def github_creations(self):
        """Tickets and comments there are, all of them made by the agent."""
        return sum(1 + len(issue["comment_list"]) for issue in self.github_issues())

    def created_twice(self):
        titles = [issue["title"] for issue in self.github_issues()]
        return len(titles) - len(set(titles))

    def refused(self):
        """Answers of GitHub that said: too much."""
        return ask("GET", f"{self.origins['github']}/_standin/refusals")["refusals"]

    # the store
    def store_scale(self):
        folder = self.folder / "store"
        folder.mkdir()
        answer = subprocess.run([str(self.bin / "bench-store"), str(self.links), str(folder)], capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise SystemExit(f"bench: bench-store failed: {answer.stderr.strip()}")
        return json.loads(answer.stdout)
