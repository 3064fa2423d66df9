"""Checks the language of docs, comments and strings: American spelling, and phrases that are hard to read.

    scripts/python scripts/words/requirements.txt scripts/words/check.py [FILE…]

Without files, it checks every file of the repository, except those that `unchecked.txt` lists. `ignored.txt` lists words
that are not misspelled. To accept a line as it is, for example because it quotes another system, end it with
"words: allow".
"""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TEXT = {".css", ".html", ".js", ".md", ".py", ".rs", ".service", ".sh", ".sql", ".toml", ".ts", ".tsx", ".yaml", ".yml"}
DICTIONARIES = "clear,rare,en-GB_to_en-US"
ALLOWED = "words: allow"

# Each phrase with a line that it finds, and what to write instead.
PHRASES = [
    (r"(?<!there )\b(?:is|are) no\b(?! (?:longer|one|more|less|larger|smaller|older|newer|later))", "`--x` is no setting", "is not a …, unknown …, no … found"),
    (r"\bwhoever\b", "Whoever needs it", "anyone who, people who, or name them"),
    (r"\b(?:tells|told) of\b", "it tells of a change", "reports, names, notifies"),
    (r"\bwhat is (?:told|held|kept|asked|meant)\b", "What is told here", "name the thing"),
    (r"\bof late\b", "the words used of late", "recently"),
    (r"\bfor ever\b", "it waits for ever", "forever, indefinitely"),
    (r"\bbesides\b", "what is there besides stays", "in addition to, other"),
    (r"\b(?:leads?|led) on\b", "it leads on from there", "continues"),
    (r"\bgoes by\b", "a split goes by one attribute", "uses, depends on"),
    (r"\bone's own\b", "one's own account", "your, their"),
    (r"\bas one may\b", "as many as one may", "the limit, the maximum"),
    (r"\bbrought with\b", "Brought with a difference", "imported, created, received"),
    (r"\bcomes? back by itself\b", "it comes back by itself", "reconnects automatically"),
    (r"\bis drawn anew\b|\bread anew\b|\bmade anew\b", "it is made anew", "again"),
]


def listed(name: str) -> list[str]:
    lines = (HERE / name).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def checked_files() -> list[str]:
    # This folder quotes what it looks for.
    unchecked = [*listed("unchecked.txt"), "scripts/words/"]
    tracked = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines()
    for entry in unchecked:
        if not any(path.startswith(entry) for path in tracked):
            sys.exit(f"unchecked.txt: {entry} matches no file; remove it")
    return [
        path
        for path in tracked
        if Path(path).suffix in TEXT and not path.startswith(tuple(unchecked)) and (ROOT / path).is_file()
    ]


def phrases(paths: list[str]) -> list[str]:
    for pattern, example, _ in PHRASES:
        if not re.search(pattern, example, re.IGNORECASE):
            sys.exit(f"the pattern {pattern} does not find its example: {example}")
    compiled = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, _, instead in PHRASES]
    found = []
    for path in paths:
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
            for pattern, instead in compiled:
                match = pattern.search(line)
                if match and ALLOWED not in line:
                    found.append(f'{path}:{number}: "{match.group()}"; write: {instead}')
    return found


def spelling(paths: list[str]) -> list[str]:
    command = [sys.executable, "-m", "codespell_lib", "--builtin", DICTIONARIES]
    command += ["--ignore-words", str(HERE / "ignored.txt"), "--ignore-regex", f".*{ALLOWED}.*"]
    done = subprocess.run([*command, *paths], cwd=ROOT, text=True, capture_output=True, check=False)
    if done.returncode not in (0, 65):
        sys.exit(done.stderr or f"codespell failed with code {done.returncode}")
    return done.stdout.splitlines()


def main() -> int:
    paths = sys.argv[1:] or checked_files()
    found = phrases(paths) + spelling(paths)
    print("\n".join(found) or f"{len(paths)} files checked")
    return 1 if found else 0


sys.exit(main())
