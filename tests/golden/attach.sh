# Files of tickets on the command line: put, shown, fetched, taken away; refused by name; how they
# go with a backup, and come after a dump was loaded; a lost one is noticed.
quiet ticket new --channel phone --title "No dial tone" >/dev/null
printf '2026-11-22 link down\n' >line.log
printf '\x89PNG\r\n\x1a\n' >screen.png
printf 'MZ\x90\0' >setup.png
af ticket attach 1 line.log screen.png --text "See both." | grep -vE '^(at|group|channel|class|severity)'
af ticket attach 1 setup.png
af ticket attach 1 nothing.log
af ticket attach 9 line.log
af ticket fetch 1 1 --out -
af ticket fetch 1 2 --out copy.png
cmp screen.png copy.png && echo the same
af ticket fetch 1 2 --out copy.png
af ticket fetch 1 3
af ticket fetch 1 x
quiet backup copy >/dev/null
af backup --verify copy | cut -d , -f 1
quiet dump >all.jsonl
head -n 1 all.jsonl | grep -o '"blobs":{"files":2,"bytes":29,'
"$ASKFIRST" --data "$W/again" load all.jsonl 2>&1
echo "[exit $?]"
"$ASKFIRST" --data "$W/third" load --blobs copy all.jsonl 2>&1
"$ASKFIRST" --data "$W/third" check
af ticket detach 1 2 --reason "a face" | grep ^file
af ticket detach 1 2
af check
rm "$D"/blobs/[0-9a-f]*
af check
af backup other
