"""The trackers of the demo, spoken to as people would: over their real REST APIs, each with a person's own credentials."""
import base64
import json
import socket
import time
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    """A tracker's answer that is not a success."""


def free_port(start):
    """A port of 127.0.0.1 that nobody listens on, at or after `start`. Below 32768, where outgoing connections begin."""
    for port in range(start, 32768):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit("demo: no free port")


def ask(method, url, headers, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method,
                                     headers={"Content-Type": "application/json", "User-Agent": "Causeway-demo", **headers})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        raise Refused(f"{method} {url}: {error.code} {error.read()[:300].decode(errors='replace')}") from None
    return json.loads(text) if text.strip() else None


class GitHub:
    def __init__(self, origin, repository):
        self.origin, self.repository = origin, repository

    def call(self, method, path, body=None, person="maintainer"):
        return ask(method, f"{self.origin}/repos/{self.repository}{path}", {"Authorization": f"Bearer ghp_{person}"}, body)

    def page(self, number=None):
        return f"{self.origin}/{self.repository}/issues" + (f"/{number}" if number else "")

    def issue(self, number):
        return self.call("GET", f"/issues/{number}")

    def issues(self):
        found, page = [], 1
        while True:
            rows = self.call("GET", f"/issues?state=all&per_page=100&page={page}")
            found += [row for row in rows if "pull_request" not in row]
            if len(rows) < 100:
                return found
            page += 1

    def comments(self, number):
        return self.call("GET", f"/issues/{number}/comments?per_page=100")


class Redmine:
    def __init__(self, origin):
        self.origin = origin

    KEYS = {"lead": "b" * 40, "agent": "c" * 40, "reporter": "d" * 40, "causeway": "e" * 40, "admin": "a" * 40}

    def call(self, method, path, body=None, person="lead"):
        return ask(method, self.origin + path, {"X-Redmine-API-Key": self.KEYS[person]}, body)

    def page(self, number):
        return f"{self.origin}/issues/{number}"

    def issue(self, number):
        return self.call("GET", f"/issues/{number}.json?include=journals,attachments")["issue"]

    def issues(self, project):
        found, offset = [], 0
        while True:
            rows = self.call("GET", f"/issues.json?project_id={project}&status_id=*&limit=100&offset={offset}&sort=id")["issues"]
            found += rows
            if len(rows) < 100:
                return found
            offset += 100

    def create(self, project, subject, description, person="lead", **more):
        return self.call("POST", "/issues.json", {"issue": {"project_id": project, "tracker_id": 1, "subject": subject,
                                                            "description": description, **more}}, person)["issue"]["id"]

    def update(self, number, person="lead", **change):
        self.call("PUT", f"/issues/{number}.json", {"issue": change}, person)

    def attach(self, number, name, content, notes, person="lead"):
        request = urllib.request.Request(f"{self.origin}/uploads.json?filename={urllib.parse.quote(name)}", data=content, method="POST",
                                         headers={"Content-Type": "application/octet-stream", "X-Redmine-API-Key": self.KEYS[person]})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            token = json.loads(answer.read())["upload"]["token"]
        self.update(number, person, uploads=[{"token": token, "filename": name, "content_type": "text/plain"}], notes=notes)

    def statuses(self):
        return {row["name"]: row["id"] for row in self.call("GET", "/issue_statuses.json")["issue_statuses"]}

    def fields(self):
        return {row["name"]: row["id"] for row in self.call("GET", "/custom_fields.json", person="admin")["custom_fields"]}


class Jira:
    """A customer's Jira Cloud: REST v3, texts as Atlassian documents."""

    def __init__(self, origin, project):
        self.origin, self.project = origin, project

    def call(self, method, path, body=None, person="reporter"):
        account = base64.b64encode(f"{person}@example.com:token-{person}".encode()).decode()
        return ask(method, f"{self.origin}/rest/api/3{path}", {"Authorization": f"Basic {account}"}, body)

    def page(self, key):
        return f"{self.origin}/browse/{key}"

    def create(self, summary, text, person="reporter"):
        fields = {"project": {"key": self.project}, "issuetype": {"name": "Task"}, "summary": summary, "description": document(text)}
        return self.call("POST", "/issue", {"fields": fields}, person)["key"]

    def issue(self, key):
        return self.call("GET", f"/issue/{key}")["fields"]

    def comment(self, key, text, person="reporter"):
        return self.call("POST", f"/issue/{key}/comment", {"body": document(text)}, person)["id"]

    def comments(self, key):
        return [words(one["body"]) for one in self.call("GET", f"/issue/{key}/comment")["comments"]]


def document(text):
    paragraphs = [{"type": "paragraph", "content": [{"type": "text", "text": part}]} for part in text.split("\n\n")]
    return {"version": 1, "type": "doc", "content": paragraphs}


def words(node):
    """The plain text of an Atlassian document."""
    return node.get("text", "") + "".join(words(child) for child in node.get("content", []))


def field(issue, name):
    return next((one.get("value") or "" for one in issue.get("custom_fields", []) if one["name"] == name), "")


def notes(issue):
    return [one for one in issue.get("journals", []) if one.get("notes")]


def wait_for(what, question, seconds=60):
    """Asks until the answer is true, and gives it back."""
    until = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > until:
            raise SystemExit(f"demo: waited {seconds} s in vain: {what}")
        time.sleep(0.2)
