"""How good is what is proposed for a ticket (intake/desk/ticket_propose.h)?

    python3 tests/relevance/proposals.py FOLDER [N]

For each FOLDER/routing-*/train.tsv (label, tab, text) and FOLDER/cases.jsonl.zst (source and category as
the label): one half, drawn with a seed, becomes cases of a library whose product is the label; N texts
of the other half are asked as tickets are. The sets are not ours to ship, so the check has none of this.
"""
import collections
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("ASKFIRST", "build/release/askfirst")
SEED = 7


def routing(path):
    with open(os.path.join(os.path.dirname(path), "meta.json")) as f:
        lang = json.load(f)["lang"]
    with open(path) as f:
        for line in f:
            label, text = line.rstrip("\n").split("\t", 1)
            yield label, text[:80], text, lang


def library(path):
    out = subprocess.run(["zstdcat", path], capture_output=True, check=True).stdout.decode()
    for line in out.split("\n"):
        case = json.loads(line) if line else {}
        category = case.get("category")
        if category:
            category = category if isinstance(category, str) else category[0]
            label = case["id"].split("/")[0] + " " + category
            yield label, case["title"], (case.get("text") or "")[:1000], case["lang"]


def propose(data, title, text):
    args = [PROGRAM, "--data", data, "--json", "ticket", "propose", "--title", title, "-"]
    out = subprocess.run(args, input=text.encode(), capture_output=True, check=True)
    return json.loads(out.stdout).get("product", {})


def measure(name, rows, count):
    rows = list(rows)
    random.Random(SEED).shuffle(rows)
    half = len(rows) // 2
    known, asked = rows[:half], rows[half:half + count]
    folder = tempfile.mkdtemp(prefix="proposals-")
    try:
        source = os.path.join(folder, "in.jsonl")
        with open(source, "w") as f:
            for i, (label, title, text, lang) in enumerate(known):
                case = {"id": f"k{i}", "title": title, "text": text, "lang": lang, "product": label}
                f.write(json.dumps(case, ensure_ascii=False) + "\n")
        data = os.path.join(folder, "data")
        subprocess.run([PROGRAM, "--data", data, "import", source], capture_output=True, check=True)
        right = sure = sure_right = 0
        for label, title, text, _ in asked:
            proposal = propose(data, title if text != title else "", text)
            is_right = proposal.get("value") == label
            right += is_right
            if proposal.get("sure"):
                sure += 1
                sure_right += is_right
    finally:
        shutil.rmtree(folder)
    common = collections.Counter(r[0] for r in known).most_common(1)[0][0]
    most = sum(r[0] == common for r in asked)
    n = len(asked)
    print(f"| {name} | {len(set(r[0] for r in rows))} | {half} | {n} | {most / n:.3f} | {right / n:.3f} "
          f"| {sure / n:.2f} | {sure_right / max(sure, 1):.3f} |", flush=True)
    return right / n, sure / n, sure_right / max(sure, 1)


def main():
    folder = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    print("| set | labels | known | asked | commonest | right | sure | of these right |")
    print("|---|---|---|---|---|---|---|---|")
    sums = []
    for path in sorted(glob.glob(os.path.join(folder, "routing-*", "train.tsv"))):
        sums.append(measure(os.path.basename(os.path.dirname(path)), routing(path), count))
    cases = os.path.join(folder, "cases.jsonl.zst")
    if os.path.exists(cases):
        sums.append(measure("cases", library(cases), count))
    mean = [sum(s[i] for s in sums) / len(sums) for i in range(3)]
    print(f"| mean | | | | | {mean[0]:.3f} | {mean[1]:.2f} | {mean[2]:.3f} |")


main()
