#!/usr/bin/env python3
"""Runs the fuzz targets for some time each, as many at once as there are processors, and says what they found.

  ./dev fuzz [SECONDS] [TARGET...]     60 seconds without; targets: github textile redmine-markdown jira-wiki adf adf-tree envelope

What they learn is kept in build/fuzz/corpus and used again; inputs that break something are kept in build/fuzz/found.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "fuzz"
HERE = pathlib.Path(__file__).resolve().parent
TARGETS = ("github", "textile", "redmine-markdown", "jira-wiki", "adf", "adf-tree", "envelope")
TIMEOUT_SECONDS = 10  # of one input; a conversion that takes so long hangs, for all a person can tell
SIZE_MAX = 4096
# Everything is allocated and freed by the code under test itself, so a leak of one input would be seen.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": "detect_leaks=1:malloc_context_size=2", "UBSAN_OPTIONS": "print_stacktrace=1"}


def seeds(target):
    """The seeds in the repository, and for a format its part of the corpus. Redmine's Markdown is fed with GitHub's."""
    fed_by = {"redmine-markdown": ("redmine-markdown", "github"), "envelope": ("envelope", "github", "textile")}.get(target, (target,))
    folders = [folder / name for name in fed_by for folder in (HERE / "seeds", ROOT / "tests" / "golden" / "corpus")]
    return [folder for folder in folders if folder.is_dir()]


def run(target, seconds):
    learned, found = BUILD / "corpus" / target, BUILD / "found" / target
    learned.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    before = set(found.iterdir())
    words = HERE / "words" / f"{target}.txt"
    command = [BUILD / "bin" / f"fuzz-{target}", f"-max_total_time={seconds}", f"-timeout={TIMEOUT_SECONDS}", f"-max_len={SIZE_MAX}",
               f"-artifact_prefix={found}/", "-print_final_stats=1", *([f"-dict={words}"] if words.exists() else []), learned, *seeds(target)]
    done = subprocess.run([str(word) for word in command], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    log = done.stderr.decode(errors="replace")
    (BUILD / "found" / f"{target}.log").write_text(log)
    return done.returncode, log, sorted(set(found.iterdir()) - before)


def figure(log, name):
    match = re.search(rf"stat::{name}:\s+(\d+)", log)
    return int(match[1]) if match else 0


def reason(log):
    for pattern in (r"BROKEN: .*", r"SUMMARY: .*", r"ERROR: .*", r"runtime error: .*"):
        match = re.search(pattern, log)
        if match:
            return match[0][:160]
    return log[-300:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", type=int, nargs="?", default=60)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    options = parser.parse_args()
    unknown = [target for target in options.targets if target not in TARGETS]
    if unknown:
        raise SystemExit(f"fuzz: there is no {unknown[0]}; there are {', '.join(TARGETS)}")
    targets = options.targets or TARGETS
    broken = 0
    print(f"{'target':<18} {'inputs':>10} {'a second':>9}  found", flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for target, (status, log, found) in zip(targets, pool.map(lambda target: run(target, options.seconds), targets)):
            word = "nothing" if status == 0 else reason(log)
            print(f"{target:<18} {figure(log, 'number_of_executed_units'):>10,} {figure(log, 'average_exec_per_sec'):>9,}  {word}", flush=True)
            for path in found:
                print(f"{'':<40}build/fuzz/bin/fuzz-{target} {path.relative_to(ROOT)}", flush=True)
            broken += status != 0
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
