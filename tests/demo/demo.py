#!/usr/bin/env python3
"""Acts out a day between a GitHub stand-in, a Redmine and a customer's Jira (a stand-in), with the real agent between them.

  demo.py --bin BUILD/bin [--once] [--without-redmine]

--once: verify at the end that both sides are equal, leave nothing running, exit 0 (1 when they are not).
Otherwise everything stays up until Ctrl-C, so that a person can change things on either side and see them arrive.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from trackers import GitHub, Jira, Redmine, field, free_port, notes, wait_for  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
STATE = ROOT / "build" / "demo"

CONFIG = """\
# The demo's configuration. The same with comments: config/causeway.example.yaml
store: causeway.sqlite
trackers:
  community:
    kind: github
    role: community
    url: {github}
    project: acme/widgets
    token: {{env: DEMO_GITHUB_TOKEN}}
    poll: 1s
  support:
    kind: redmine
    role: queue
    url: {redmine}
    project: support
    token: {{env: DEMO_REDMINE_KEY}}
    fields: {{labels: Labels, twin: Community issue}}
    poll: 1s
  initech:
    kind: jira
    role: customer
    url: {jira}
    deployment: cloud
    project: INIT
    own_names: [Initech]
    email: syncuser@example.com
    token: {{env: DEMO_JIRA_TOKEN}}
    issue_type: Task
    transition: {{resolution: Done}}
    poll: 1s
    listing_lag: 2s
routes:
  widgets:
    left: community
    right: support
    preset: github-redmine
    mirror_when: {{labels: [support]}}
    publish_when: {{fields: {{Publish to community: "1"}}}}
    follow_field: Community issue
  initech:
    left: initech
    right: support
    preset: jira-redmine
    mirror_when: {{everything: true}}
redaction:
  customers: [Initech]
  hosts: [.initech.example]
"""


class Story:
    """Prints what happens as a person would tell it."""

    def __init__(self):
        self.colour = sys.stdout.isatty()

    def scene(self, text):
        print(f"\n\033[1m{text}\033[0m" if self.colour else f"\n{text}", flush=True)

    def tell(self, text):
        print("  " + text, flush=True)


class Stage:
    """Everything that runs. Whatever happens, `close` leaves nothing running."""

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder).resolve()
        self.processes, self.redmine_folder = [], None

    def start(self, name, command, environment=None):
        log = open(STATE / f"{name}.log", "wb")  # noqa: SIM115 (lives as long as the process)
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})},
                                   start_new_session=True)
        self.processes.append((name, process))
        return process

    def start_standin(self, kind, *options):
        port = free_port(18080)
        process = self.start(kind, [self.bin / "causeway-standin", kind, "--port", str(port), *options])
        log = STATE / f"{kind}.log"

        def listening():
            if process.poll() is not None:
                raise SystemExit(f"demo: the {kind} stand-in ended: {log.read_text().strip()}")
            return "listening on" in log.read_text()
        wait_for(f"the {kind} stand-in to listen", listening)
        return f"http://127.0.0.1:{port}"

    def start_redmine(self):
        instance = ROOT / "tests" / "redmine" / "instance"
        subprocess.run([instance, "install"], check=True)
        self.redmine_folder = STATE / "redmine"
        port = free_port(18380)
        subprocess.run([instance, "up", self.redmine_folder, str(port), "textile"], check=True)
        return f"http://127.0.0.1:{port}"

    def stop(self, name):
        for entry in [entry for entry in self.processes if entry[0] == name]:
            self.processes.remove(entry)
            entry[1].send_signal(signal.SIGTERM)
            entry[1].wait(timeout=20)
            return entry[1].returncode

    def close(self):
        for name, _ in list(reversed(self.processes)):
            try:
                self.stop(name)
            except subprocess.TimeoutExpired:
                pass
        for _, process in self.processes:
            process.kill()
        if self.redmine_folder:
            subprocess.run([ROOT / "tests" / "redmine" / "instance", "stop", self.redmine_folder], check=False)


class Demo:
    def __init__(self, stage, story, github, redmine, jira):
        self.stage, self.story, self.github, self.redmine, self.jira = stage, story, github, redmine, jira
        self.config = STATE / "causeway.yaml"
        self.secrets = {"DEMO_GITHUB_TOKEN": "ghp_syncuser", "DEMO_REDMINE_KEY": Redmine.KEYS["causeway"], "DEMO_JIRA_TOKEN": "token-syncuser"}

    def causeway(self, *words, expect=(0,)):
        """Runs a command of the agent and gives back what it prints."""
        done = subprocess.run([self.stage.bin / "causeway", *words, "-c", self.config], capture_output=True, text=True,
                              env={**os.environ, **self.secrets}, check=False)
        if done.returncode not in expect:
            raise SystemExit(f"demo: causeway {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start_agent(self):
        self.stage.start("agent", [self.stage.bin / "causeway", "run", "-c", self.config, "--log-format", "json"], self.secrets)

    def twin_of(self, number):
        """The queue's ticket that carries the GitHub issue's address, or None."""
        url = self.github.page(number)
        return next((issue for issue in self.redmine.issues("support") if field(issue, "Community issue") == url), None)

    def arrived(self, number):
        return wait_for(f"GitHub #{number} to arrive in the queue", lambda: self.twin_of(number))["id"]

    def play(self):
        tell, scene, github, redmine = self.story.tell, self.story.scene, self.github, self.redmine
        jira, statuses, fields = self.jira, redmine.statuses(), redmine.fields()

        scene("Before anything is started: `causeway check` and `causeway plan`")
        recorded = [issue for issue in github.issues() if issue["body"]][:6]
        for issue in recorded:
            github.call("POST", f"/issues/{issue['number']}/labels", {"labels": ["support"]})
        for line in self.causeway("check").strip().splitlines():
            tell(line.strip())
        for line in self.causeway("plan").strip().splitlines()[-2:]:
            tell(line.strip())

        scene("08:00  The agent starts")
        self.start_agent()
        for issue in recorded:
            queue_number = self.arrived(issue["number"])
            tell(f"GitHub #{issue['number']} → Redmine #{queue_number}: {issue['title'][:60]}")

        scene("08:30  A user files an issue, a maintainer labels it `support`")
        number = github.call("POST", "/issues", {"title": "Importer stops after the first archive", "body":
                             "Since **2.3** the importer stops.\n\n1. open *Settings*\n2. press `Import`\n\n```ruby\nraise 'header'\n```\n\n"
                             "| file | size |\n| --- | --- |\n| a.zip | 1 MB |\n\nIs this the same as #1? cc @maintainer 🚀"}, "visitor")["number"]
        github.call("POST", f"/issues/{number}/labels", {"labels": ["support", "bug"]})
        twin = self.arrived(number)
        tell(f"GitHub #{number} arrived as Redmine #{twin}, labels: {field(redmine.issue(twin), 'Labels').split()}")

        scene("09:00  The user comments; support answers, once to colleagues only, once to the community")
        comment = github.call("POST", f"/issues/{number}/comments", {"body": "It also happens with `--verbose`."}, "visitor")["id"]
        wait_for("the comment to arrive", lambda: any("--verbose" in note["notes"] for note in notes(redmine.issue(twin))))
        tell("the user's comment stands in the queue")
        redmine.update(twin, notes="Initech sees the same on db7.initech.example, contract 4711.", private_notes=True)
        redmine.update(twin, notes="Looks like the header change of last week.")
        redmine.update(twin, notes="/community\nThanks for the report, we can *reproduce* it.")
        wait_for("the answer to arrive", lambda: any("reproduce" in one["body"] for one in github.comments(number)))
        texts = [one["body"] for one in github.comments(number)]
        tell(f"GitHub has {len(texts)} comments: only the one that began with /community went out")
        if any("Initech" in text or "header change" in text for text in texts):
            raise SystemExit("demo: a private text reached GitHub")

        scene("10:00  Edits, labels, states, on both sides")
        github.call("PATCH", f"/issues/{number}", {"title": "Importer stops after the first archive (since 2.3)"}, "maintainer")
        github.call("PATCH", f"/issues/comments/{comment}", {"body": "It also happens with `--verbose --all`."}, "visitor")
        github.call("POST", f"/issues/{number}/labels", {"labels": ["help wanted"]})
        wait_for("the new title", lambda: "since 2.3" in redmine.issue(twin)["subject"])
        wait_for("the edited comment", lambda: any("--all" in note["notes"] for note in notes(redmine.issue(twin))))
        wait_for("the new label", lambda: "help wanted" in field(redmine.issue(twin), "Labels"))
        tell("new title, edited comment and label arrived in the queue")
        redmine.update(twin, status_id=statuses["In Progress"])
        redmine.update(twin, status_id=statuses["Resolved"], notes="/community\nFixed in 2.3.1.")
        redmine.update(twin, status_id=statuses["Closed"])
        wait_for("GitHub's issue to close", lambda: github.issue(number)["state"] == "closed")
        tell(f"closed in the queue → GitHub #{number} is closed")
        github.call("PATCH", f"/issues/{number}", {"state": "open"}, "maintainer")
        wait_for("the queue's ticket to open again", lambda: redmine.issue(twin)["status"]["name"] not in ("Closed", "Rejected"))
        tell(f"reopened on GitHub → Redmine #{twin} is {redmine.issue(twin)['status']['name']} again")

        scene("11:00  Both sides change the title at once")
        self.stage.stop("agent")
        tell("(the agent is stopped, both titles are changed, the agent is started again)")
        github.call("PATCH", f"/issues/{number}", {"title": "Importer stops: header of the second archive"}, "maintainer")
        redmine.update(twin, subject="Importer stops [customer escalation]")
        self.start_agent()
        wait_for("one title on both sides", lambda: redmine.issue(twin)["subject"] == github.issue(number)["title"])
        wait_for("the note about the conflict", lambda: any("customer escalation" in note["notes"] and note.get("private_notes")
                                                            for note in notes(redmine.issue(twin))))
        tell(f"the side where it was filed wins: “{github.issue(number)['title']}”; the other title is kept in an internal note")

        scene("13:00  Support publishes a finding: the gate holds it until a person has looked")
        internal = redmine.create("support", "Reader loses the last block", "Seen at Initech on db7.initech.example.\n\nThe reader drops the last block.",
                                  custom_fields=[{"id": fields["Publish to community"], "value": "1"}])
        hold = self.hold_for("Reader loses the last block", "redaction")
        tell(f"held: {hold['explanation']}")
        redmine.update(internal, description="The reader drops the last block when the archive ends on a page boundary.")
        hold = self.hold_for("Reader loses the last block", "first_publication")
        tell(f"after the text was cleaned, still held: {hold['explanation']}")
        tell(self.causeway("resolve", str(hold["id"]), "approve").strip())
        public = wait_for("the publication", lambda: next((one for one in github.issues() if one["title"] == "Reader loses the last block"), None))
        if "nitech" in json.dumps(public):
            raise SystemExit("demo: the customer's name reached GitHub")
        tell(f"Redmine #{internal} → GitHub #{public['number']}, without the customer")
        github.call("POST", f"/issues/{public['number']}/comments", {"body": "Good catch, fix is on the way."}, "maintainer")
        wait_for("the maintainer's answer", lambda: any("on the way" in note["notes"] for note in notes(redmine.issue(internal))))
        tell("the maintainer's answer stands in the queue")

        case, key = self.play_customer(number)

        scene("15:00  A file, and a comment that is taken back")
        redmine.attach(twin, "trace.txt", b"trace of the reader\n", "/community\nThe trace is in trace.txt.")
        wait_for("the file to be named", lambda: any("trace.txt" in one["body"] and "Attachment" in one["body"] for one in github.comments(number)))
        tell("GitHub takes no files, so the file is named in a comment")
        regret = github.call("POST", f"/issues/{number}/comments", {"body": "Wrong thread, sorry."}, "visitor")["id"]
        wait_for("the comment", lambda: any("Wrong thread" in note["notes"] for note in notes(redmine.issue(twin))))
        github.call("DELETE", f"/issues/comments/{regret}")
        github.call("POST", f"/issues/{number}/comments", {"body": "Back to the topic: 2.3.1 works for me."}, "visitor")
        wait_for("its removal", lambda: not any("Wrong thread" in note["notes"] for note in notes(redmine.issue(twin))))
        tell("deleted on GitHub → emptied in the queue, which cannot delete notes")
        wait_for("the customer to see the same", lambda: (said := jira.comments(key)) and any("2.3.1 works" in one for one in said)
                 and not any("Wrong thread" in one for one in said))
        tell("and gone from the customer's Jira, which had it as well")

        scene("17:00  What the agent says of it")
        for line in self.causeway("status", expect=(0, 1)).strip().splitlines():
            tell(line)
        tell("")
        for line in self.causeway("explain", f"community/{number}").strip().splitlines()[:12]:
            tell(line[:160])
        return number, twin, case, key

    def play_customer(self, number):
        """A case over three trackers: the customer's Jira, the queue, and a community issue that the case waits for."""
        tell, scene, github, redmine, jira = self.story.tell, self.story.scene, self.github, self.redmine, self.jira
        scene("14:00  A customer files in its own Jira, and waits for the community's fix")
        key = jira.create("Nightly import fails", "Since the update our nightly import fails.\n\nWe run 2.3 at Initech.")
        arrived = wait_for(f"{key} to arrive in the queue",
                           lambda: next((one for one in redmine.issues("support") if one["subject"] == "Nightly import fails"), None))
        case = arrived["id"]
        tell(f"Jira {key} arrived as Redmine #{case}")
        redmine.update(case, notes="They have not paid the last invoice.", private_notes=True)
        redmine.update(case, notes="/customer\nThank you, we know the cause and are on it.")
        wait_for("the answer to reach the customer", lambda: any("we know the cause" in one for one in jira.comments(key)))
        tell(f"the customer reads: {jira.comments(key)}")
        jira.comment(key, "Please hurry, the month ends on Friday.")
        wait_for("the customer's comment", lambda: any("hurry" in note["notes"] for note in notes(redmine.issue(case))))
        redmine.update(case, custom_fields=[{"id": redmine.fields()["Community issue"], "value": github.page(number)}])
        wait_for("the case to follow", lambda: "follows" in self.causeway("explain", f"support/{case}"))
        tell(f"Redmine #{case} follows GitHub #{number}: support has put the address into “Community issue”")
        github.call("POST", f"/issues/{number}/comments", {"body": "A **nightly build** with the fix is up."}, "maintainer")
        wait_for("the maintainer's answer to reach the customer", lambda: any("nightly build" in one for one in jira.comments(key)))
        tell("a maintainer's public answer went from GitHub to the queue and on to the customer's Jira")
        said = json.dumps([github.issue(number), github.comments(number)])
        if "Friday" in said or "Nightly import" in said or "invoice" in said + json.dumps(jira.comments(key)):
            raise SystemExit("demo: a customer's or a private text went where it must not")
        tell("nothing of the customer reached GitHub, and no internal note the customer")
        return case, key

    def hold_for(self, title, reason):
        def found():
            held = json.loads(self.causeway("holds", "--json", expect=(0, 1)))["holds"]
            return next((one for one in held if one["reason"] == reason and one["content"].get("title") == title), None)
        return wait_for(f"the {reason} hold", found)

    def differences(self):
        """Everything in which two linked tickets do not agree, in words."""
        found, linked = [], 0
        for issue in self.github.issues():
            twin = self.twin_of(issue["number"])
            labels = {label["name"] for label in issue["labels"]}
            if twin is None:
                if "support" in labels:
                    found.append(f"GitHub #{issue['number']} carries the label and has no twin")
                continue
            linked += 1
            whole = self.redmine.issue(twin["id"])
            where = f"GitHub #{issue['number']} ↔ Redmine #{twin['id']}"
            if issue["title"] != whole["subject"]:
                found.append(f"{where}: titles “{issue['title']}” and “{whole['subject']}”")
            if (issue["state"] == "closed") != (whole["status"]["name"] in ("Closed", "Rejected", "Resolved")):
                found.append(f"{where}: states {issue['state']} and {whole['status']['name']}")
            queue_labels = set(filter(None, field(whole, "Labels").replace("\r", "").split("\n")))
            if labels - {"support"} != queue_labels - {"support"}:
                found.append(f"{where}: labels {sorted(labels)} and {sorted(queue_labels)}")
            public = "\n".join(note["notes"] for note in notes(whole) if not note.get("private_notes"))
            for comment in self.github.comments(issue["number"]):
                if comment["user"]["login"] == "syncuser":
                    if "<!--" not in comment["body"]:
                        found.append(f"{where}: comment {comment['id']} carries no mark")
                    continue
                words = [word for word in comment["body"].split() if word.isalpha() and len(word) > 5][:3]
                if not all(word in public for word in words):
                    found.append(f"{where}: comment {comment['id']} is not in the queue")
        return found, linked

    def verify(self):
        self.story.scene("Are both sides equal?")
        self.stage.stop("agent")
        summary = json.loads(self.causeway("run", "--once", "--json"))
        again = json.loads(self.causeway("run", "--once", "--full", "--json"))
        found, linked = self.differences()
        for one in found:
            self.story.tell(one)
        if summary["done"] or again["done"]:
            found.append(f"a further pass still wrote: {summary['done']} {again['done']}")
            self.story.tell(found[-1])
        if not found:
            self.story.tell(f"yes: {linked} pairs compared, and a further full pass wrote nothing")
        return not found


def main():
    parser = argparse.ArgumentParser(prog="./dev demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--once", action="store_true", help="act out the day, verify, and end")
    parser.add_argument("--without-redmine", action="store_true", help="use a stand-in in place of the real Redmine")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True)
    stage, story = Stage(options.bin), Story()
    try:
        story.scene("Setting up")
        github = GitHub(stage.start_standin("github", "--recorded"), "acme/widgets")
        story.tell(f"GitHub stand-in with recorded issues: {github.page()}")
        if options.without_redmine:
            redmine = Redmine(stage.start_standin("redmine"))
            story.tell(f"Redmine stand-in: {redmine.origin}/issues")
        else:
            redmine = Redmine(stage.start_redmine())
            story.tell(f"Redmine: {redmine.origin}/projects/support/issues (login: lead, password: causeway-demo)")
        jira = Jira(stage.start_standin("jira-cloud"), "INIT")
        story.tell(f"Jira Cloud stand-in, the customer's: {jira.origin}/")
        (STATE / "causeway.yaml").write_text(CONFIG.format(github=github.origin, redmine=redmine.origin, jira=jira.origin))
        demo = Demo(stage, story, github, redmine, jira)
        number, twin, case, key = demo.play()
        if options.once:
            return 0 if demo.verify() else 1
        story.scene("Your turn: change something on either side and see it arrive. Ctrl-C ends it.")
        story.tell(f"GitHub   {github.page(number)}")
        story.tell(f"Redmine  {redmine.page(twin)}" + ("" if options.without_redmine else "   login: lead, password: causeway-demo"))
        story.tell(f"Jira     {jira.page(key)}, in Redmine {redmine.page(case)}")
        story.tell(f"agent    build/demo/agent.log; try: DEMO_GITHUB_TOKEN=ghp_syncuser DEMO_REDMINE_KEY={Redmine.KEYS['causeway']} "
                   f"DEMO_JIRA_TOKEN=token-syncuser "
                   f"{os.path.relpath(stage.bin / 'causeway', ROOT)} status -c build/demo/causeway.yaml")
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print()
        return 0
    finally:
        stage.close()


if __name__ == "__main__":
    sys.exit(main())
