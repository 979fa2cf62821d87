"""How much structure survives a crossing, beside pandoc and Atlassian's own converter, and how long a conversion takes.

Every text of tests/golden/corpus goes into every other format (there) and back again; what there was before and after is
counted by pandoc's readers and by the JSON of ADF (structure.py), not by Causeway. The aims are on what comes back, as pandoc
reads a text of the same format before and after. On the way there, pandoc as the judge misses what Redmine and Jira have and
pandoc's Textile and wiki markup have not (a link's title, a folding block, an address before a bracket), and finds all that it
wrote itself; so those figures are shown, without an aim.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import structure

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORPUS = ROOT / "tests" / "golden" / "corpus"
FORMATS = ("github", "textile", "jira-wiki", "adf")
ALL_FORMATS = ("github", "textile", "redmine-markdown", "jira-wiki", "adf")
# GitHub shows a line end in an issue as a line break.
IN_PANDOC = {"github": "gfm+hard_line_breaks", "redmine-markdown": "gfm+hard_line_breaks", "textile": "textile", "jira-wiki": "jira"}
SIZE = 1_000_000
NESTED = 10_000


def corpus():
    return {name: [path.read_text() for path in sorted((CORPUS / name).iterdir())] for name in FORMATS}


class Batch:
    """Runs a tool once for many conversions."""

    def __init__(self, folder, command, environment=None, jobs_in_file=False):
        self.folder, self.command, self.environment, self.jobs_in_file = folder, command, environment or {}, jobs_in_file

    def __call__(self, jobs):
        """`jobs`: (from, to, text); gives the texts back, empty where the tool could not."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            place = pathlib.Path(name)
            lines = []
            for number, (source, target, text) in enumerate(jobs):
                (place / f"{number}.in").write_text(text)
                lines.append(f"{source}\t{target}\t{place}/{number}.in\t{place}/{number}.out\n")
            (place / "jobs").write_text("".join(lines))
            environment = {**os.environ, **self.environment, "PANDOC_JOBS": str(place / "jobs")}
            with (place / "jobs").open() as jobs_file:
                subprocess.run(self.command, stdin=subprocess.DEVNULL if self.jobs_in_file else jobs_file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=environment, check=True)
            return [path.read_text() if path.exists() else "" for path in (place / f"{number}.out" for number in range(len(jobs)))]


def atlassian(folder):
    """Atlassian's converter, or None where npm is not there or cannot install it."""
    place = ROOT / "build" / "bench-atlassian"
    if not (place / "node_modules").is_dir():
        if shutil.which("npm") is None:
            return None
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "atlassian" / "package.json", place)
        done = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=600, check=False)
        if done.returncode != 0:
            shutil.rmtree(place / "node_modules", ignore_errors=True)
            return None
    shutil.copy(HERE / "atlassian" / "convert.cjs", place)
    return Batch(folder, ["node", str(place / "convert.cjs")])


class Judge:
    def __init__(self, pandoc):
        self.pandoc = pandoc

    def __call__(self, texts):
        """`texts`: (format, text)."""
        read = iter(self.pandoc([(IN_PANDOC[name], "json", structure.readable(name, text)) for name, text in texts if name != "adf"]))
        return [structure.of_adf(text) if name == "adf" else structure.of_pandoc(next(read)) for name, text in texts]


class Result:
    """What became of the corpus between some pairs, with one tool."""

    def __init__(self):
        self.there = collections.defaultdict(lambda: [0, 0])
        self.back = collections.defaultdict(lambda: [0, 0])
        self.texts = self.stable = 0

    @staticmethod
    def _add(to, kept):
        for kind, (were, are) in kept.items():
            to[kind][0] += were
            to[kind][1] += are

    def add(self, before, there, back, stable):
        self._add(self.there, structure.kept(before, there))
        self._add(self.back, structure.kept(before, back))
        self.texts += 1
        self.stable += stable


def cross(tool, name_of, judge, texts, pairs):
    """Through each pair and back, twice: the second time must change nothing."""
    jobs = [(source, target, text) for source, target in pairs for text in texts[source]]
    def forth(now):
        return tool([(name_of[source], name_of[target], text) for (source, target, _), text in zip(jobs, now)])
    def home(now):
        return tool([(name_of[target], name_of[source], text) for (source, target, _), text in zip(jobs, now)])
    there = forth([text for _, _, text in jobs])
    back = home(there)
    again = home(forth(back))
    before_counts = judge([(source, text) for source, _, text in jobs])
    there_counts = judge([(target, text) for (_, target, _), text in zip(jobs, there)])
    back_counts = judge([(source, text) for (source, _, _), text in zip(jobs, back)])
    results = {pair: Result() for pair in pairs}
    for (source, target, _), before, over, home_again, first, second in zip(jobs, before_counts, there_counts, back_counts, back, again):
        results[source, target].add(before, over, home_again, first.strip() == second.strip())
    return results


def together(results, pairs):
    whole = Result()
    for pair in pairs:
        for mine, theirs in ((whole.there, results[pair].there), (whole.back, results[pair].back)):
            for kind, (were, are) in theirs.items():
                mine[kind][0] += were
                mine[kind][1] += are
        whole.texts += results[pair].texts
        whole.stable += results[pair].stable
    return whole


def percent(counted):
    return 100 * counted[1] / counted[0] if counted[0] else 100.0


def show(table, name, title, ours, theirs=None):
    columns = "" if theirs is None else f" {'its there':>10} {'its back':>10}"
    print(f"\n{title}: {ours.texts:,} crossings\n  {'':<24} {'pieces':>7} {'there':>8} {'back':>8}{columns}")
    for kind in structure.KINDS:
        if ours.there[kind][0] == 0:
            continue
        mine = {"there": percent(ours.there[kind]), "back": percent(ours.back[kind])}
        line = f"  {kind:<24} {ours.there[kind][0]:>7,} {mine['there']:>7.1f}% {mine['back']:>7.1f}%"
        kept = {way: round(value, 2) for way, value in mine.items()}
        if theirs is not None:
            other = {"there": percent(theirs.there[kind]), "back": percent(theirs.back[kind])}
            behind = mine["back"] < other["back"]
            line += f" {other['there']:>9.1f}% {other['back']:>9.1f}% {'NOT MET' if behind else 'met'}"
            kept |= {f"its_{way}": round(value, 2) for way, value in other.items()}
            table.missed += [f"{kind} beside {name}"] if behind else []
        table.figures[f"fidelity.{name}.{kind}"] = kept
        print(line)
    stable = 100 * ours.stable / ours.texts
    line = f"  {'stable from the first':<24} {ours.texts:>7,} {'':>8} {stable:>7.1f}%"
    if theirs is not None:
        line += f" {'':>10} {100 * theirs.stable / theirs.texts:>9.1f}%"
    print(line + (" met" if ours.stable == ours.texts else " NOT MET"), flush=True)
    table.figures[f"fidelity.{name}.stable_percent"] = round(stable, 2)
    if ours.stable != ours.texts:
        table.missed.append(f"stable beside {name}")


def fidelity(table, programs, folder):
    texts = corpus()
    ours = Batch(folder, [str(programs / "bench-markup"), "convert"])
    pandoc = Batch(folder, ["pandoc", "--from", "gfm", "--to", "plain", "--lua-filter", str(HERE / "pandoc_batch.lua"), "/dev/null"], jobs_in_file=True)
    judge = Judge(pandoc)
    own_names = {name: name for name in ALL_FORMATS}
    pairs = [(source, target) for source in FORMATS for target in FORMATS if source != target]
    results = cross(ours, own_names, judge, texts, pairs)

    beside = [pair for pair in pairs if "adf" not in pair]
    theirs = cross(pandoc, IN_PANDOC, judge, texts, beside)
    show(table, "pandoc", "Beside pandoc, between GitHub Markdown, Textile and wiki markup", together(results, beside), together(theirs, beside))
    for source, target in beside:
        mine, other = results[source, target], theirs[source, target]
        table.figures[f"fidelity.pandoc.{source}.{target}"] = {kind: [round(percent(mine.back[kind]), 1), round(percent(other.back[kind]), 1)] for kind in structure.KINDS if mine.back[kind][0]}

    vendor = atlassian(folder)
    between = [pair for pair in pairs if set(pair) == {"jira-wiki", "adf"}]
    if vendor is None:
        print("\nAtlassian's converter is left out: npm is not here, or could not install it.")
    else:
        show(table, "atlassian", "Beside Atlassian's own converter, between wiki markup and ADF", together(results, between), together(cross(vendor, own_names, judge, texts, between), between))
    show(table, "all", "All pairs", together(results, pairs))


# speed

def large(texts, name):
    """A text of SIZE bytes out of those of one format."""
    if name == "adf":
        blocks = [block for text in texts for block in json.loads(text)["content"]]
        sizes = [len(json.dumps(block, ensure_ascii=False).encode()) + 1 for block in blocks]
        content, size, at = [], 0, 0
        while size < SIZE:
            content.append(blocks[at % len(blocks)])
            size += sizes[at % len(blocks)]
            at += 1
        return json.dumps({"version": 1, "type": "doc", "content": content}, ensure_ascii=False, separators=(",", ":"))
    whole = "\n\n".join(texts)
    return (whole + "\n\n") * (SIZE // len(whole.encode()) + 1)


def nested(name):
    """Quotes in quotes, as deep as anybody would ever try."""
    if name == "adf":
        return '{"version":1,"type":"doc","content":[' + '{"type":"blockquote","content":[' * NESTED + '{"type":"paragraph","content":[{"type":"text","text":"a"}]}' + "]}" * NESTED + "]}"
    return "{quote}" * NESTED + "a" if name == "jira-wiki" else "> " * NESTED + "a"


def convert(table, programs, folder):
    texts = corpus()
    texts["redmine-markdown"] = texts["github"]
    jobs = []
    for source in ALL_FORMATS:
        (folder / f"corpus-{source}").write_bytes(large(texts[source], source).encode()[:SIZE] if source != "adf" else large(texts[source], source).encode())
        (folder / f"quotes-{source}").write_text(nested(source))
        jobs += [f"{source}\t{target}\t{folder}/{what}-{source}\t-\n" for what in ("corpus", "quotes") for target in ALL_FORMATS]
    done = subprocess.run([str(programs / "bench-markup"), "time"], input="".join(jobs), stdout=subprocess.PIPE, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for what, title in (("corpus", "1 MB of the corpus, read and written; cmark-gfm's own parse of the same bytes is the measure"), ("quotes", f"{NESTED:,} nested quotes")):
        table.heading(title)
        for job in (job for job in found if job["input"].startswith(what)):
            table.row(f"convert.{what}.{job['from']}.{job['to']}", f"{job['from']} → {job['to']} ({job['ms'] / max(job['cmark_ms'], 0.001):.1f} × cmark-gfm)", job["ms"], "ms", aim=50)
