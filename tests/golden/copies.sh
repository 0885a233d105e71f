# Data leaves and comes back: dump, load, backup.
quiet import "$root/data/sample" >/dev/null
id=$(quiet ask --json wifi keeps dropping | member consult_id)
quiet ask --consult "$id" --not-solved >/dev/null
quiet ticket new --consult "$id" --title "Wi-Fi" >/dev/null
quiet dump >one.jsonl
head -n 1 one.jsonl | grep -o '"[a-z_]*":' | tr -d '\n'
echo
echo "hash of a line is the next one's prev_hash: $(
    [ "$(sed -n 2p one.jsonl | tr -d '\n' | b2sum -l 256 | cut -d ' ' -f 1)" = \
        "$(sed -n 3p one.jsonl | member prev_hash)" ] && echo yes)"
"$ASKFIRST" --data "$W/two" load one.jsonl
"$ASKFIRST" --data "$W/two" dump >two.jsonl
cmp <(tail -n +2 one.jsonl) <(tail -n +2 two.jsonl) && echo equal
"$ASKFIRST" --data "$W/two" check
"$ASKFIRST" --data "$W/two" ticket show 1 | head -n 2
"$ASKFIRST" --data "$W/two" search --json --limit 1 wifi keeps dropping | grep -o '^.*"hits":\[{"id":"[^"]*"' | sed 's/"total":[0-9]*/"total":N/'
"$ASKFIRST" --data "$W/two" load one.jsonl
echo "[exit $?]"
"$ASKFIRST" --data "$W/three" load <one.jsonl
echo '--- edited, cut off, not a dump'
sed '2s/PrintWorks/PrintWorms/' one.jsonl >edited.jsonl
head -n 4 one.jsonl >cut.jsonl
for file in edited.jsonl cut.jsonl "$root/data/sample/en.jsonl" missing.jsonl; do
    "$ASKFIRST" --data "$W/four" load "$file"
    echo "[exit $?]"
done
echo '--- cases'
quiet dump --cases >cases.jsonl
wc -l <cases.jsonl
"$ASKFIRST" --data "$W/five" import cases.jsonl
"$ASKFIRST" --data "$W/five" dump --cases | cmp - cases.jsonl && echo equal
echo '--- backup'
af backup copy | sed 's/[0-9]* bytes/N bytes/'
find copy -type f | sort
af backup copy
cp -r copy restored
"$ASKFIRST" backup --verify copy | sed 's/[0-9]* bytes/N bytes/'
"$ASKFIRST" backup --verify --json copy | grep -o '"cases":[0-9]*'
cp -r copy changed
printf x | dd of=changed/store/data.mdb bs=1 seek=20000 conv=notrunc status=none
"$ASKFIRST" backup --verify changed
echo "[exit $?]"
"$ASKFIRST" backup --verify nowhere
echo "[exit $?]"
"$ASKFIRST" --data "$W/restored" check
"$ASKFIRST" --data "$W/restored" dump | tail -n +2 | cmp - <(tail -n +2 one.jsonl) && echo equal
"$ASKFIRST" --data "$W/restored" ticket list
af backup /proc/nowhere
echo '--- a full disk behind standard output'
for command in "dump" "dump --cases" "search wifi" "stats --json"; do
    quiet $command >/dev/full
    echo "$command: exit $?"
done
quiet dump | head -n 1 | wc -l
