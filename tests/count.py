#!/usr/bin/env python3
"""Counts what GoogleTest programs wrote: count.py BUILD_FOLDER LABEL_PATTERN. Prints `N passed, N failed`.

A program that left no result counts as one failure, and so does a skipped test: what did not run has not passed.
"""
import json
import pathlib
import re
import subprocess
import sys


def main() -> int:
    build, pattern = pathlib.Path(sys.argv[1]), re.compile(sys.argv[2])
    listed = json.loads(subprocess.run(["ctest", "--test-dir", str(build), "--show-only=json-v1"],
                                       check=True, capture_output=True, text=True).stdout)
    passed = failed = 0
    for test in listed["tests"]:
        labels = next((p["value"] for p in test.get("properties", []) if p["name"] == "LABELS"), [])
        if not any(pattern.search(label) for label in labels):
            continue
        result = build / "test-results" / (test["name"] + ".json")
        try:
            suites = json.loads(result.read_text())["testsuites"]
        except (OSError, ValueError, KeyError):
            print(f"{test['name']}: left no result, counted as one failure")
            failed += 1
            continue
        for suite in suites:
            for case in suite["testsuite"]:
                ran = case.get("result") == "COMPLETED"
                if ran and not case.get("failures"):
                    passed += 1
                else:
                    failed += 1
                    print(f"failed: {suite['name']}.{case['name']}" + ("" if ran else " (did not run)"))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
